import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import type { AuditRecord } from '../../../src/model/audit';
import type { DebugHook } from '../../../src/model/debug-points';
import type { Execution } from '../../../src/model/execution';
import { isCompleted } from '../../../src/model/statuses';
import { executionsGroup } from '../../../src/services/projection';
import { createReconciler } from '../../../src/services/reconciler';
import type { Reconciler } from '../../../src/services/reconciler';
import type { TestPlatform } from '../api/platform';
import { startPlatform } from '../api/platform';
import { get, post } from '../platform/api';
import { until } from '../temporal/support';
import { kafkaBroker, temporalAddress } from '../../helpers/addresses';

const run = promisify(execFile);
const ROOT = join(__dirname, '../../..');

/** Short enough for tests; `lease` is longer than publishing takes here. */
const TIMES = { every: 250, lease: 3_000, quiet: 1_500, overlap: 60_000, catchUp: 5_000, unchanged: 60_000, sweep: 20 };

/** Consumers of two processes may have to find each other first. */
const SHOWN_WITHIN_MS = 50_000;

/** A platform, what its audit topic holds, Temporal's own command line tools, and reconcilers. */
export interface World {
  platform: TestPlatform;
  /** Every record of an execution in the audit topic, in its order. */
  records(executionId: string): AuditRecord[];
  terminal(executionId: string): AuditRecord[];
  start(cmd: string): Promise<string>;
  /** Waits until the read model shows the status. */
  shown(executionId: string, status: string): Promise<Execution>;
  temporalCli(...words: string[]): Promise<string>;
  tctl(...words: string[]): Promise<string>;
  /** One more process, as it were, that reconciles. */
  reconcile(options?: { debug?: DebugHook; times?: Partial<typeof TIMES> }): Reconciler;
  close(): Promise<void>;
}

/** Path of a program that our own scripts find or build. */
async function program(module: string, find: string): Promise<string> {
  const code = `import('${join(ROOT, 'scripts/lib', module)}').then(async (m) => console.log(await m.${find}({ log: console.error })))`;
  const { stdout } = await run(process.execPath, ['-e', code], { timeout: 900_000 });
  return stdout.trim();
}

async function readAudit(topic: string): Promise<{ records: AuditRecord[]; close(): Promise<void> }> {
  const records: AuditRecord[] = [];
  const kafka = new Kafka({ brokers: [kafkaBroker()], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `${topic}.test` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      records.push(JSON.parse(message.value?.toString() ?? 'null') as AuditRecord);
      await Promise.resolve();
    },
  });
  return { records, close: () => consumer.disconnect() };
}

export async function openWorld(): Promise<World> {
  const platform = await startPlatform();
  const { name, base } = platform;
  const audit = await readAudit(`${name}.audit`);
  const reconcilers: Reconciler[] = [];
  const [temporalPath, tctlPath] = [
    await program('temporal.mjs', 'ensureTemporalCli'),
    await program('tctl.mjs', 'ensureTctl'),
  ];
  const records = (id: string): AuditRecord[] => audit.records.filter(({ executionId }) => executionId === id);
  const world: World = {
    platform,
    records,
    terminal: (id) => records(id).filter(({ status }) => isCompleted(status)),
    start: async (cmd) => {
      const body = JSON.stringify({ action: 'core.local', parameters: { cmd, timeout: 300 } });
      const { status, text } = await post(base, '/executions', { body });
      if (status !== 201) throw new Error(`${status} ${text}`);
      return (JSON.parse(text) as Execution).id;
    },
    shown: async (id, status) => {
      let row: Execution | undefined;
      const look = async (): Promise<Execution | null> => {
        [row] = await get<Execution[]>(base, `/executions?id=${id}`);
        return row?.status === status ? row : null;
      };
      return until(`${status} of ${id}`, look, SHOWN_WITHIN_MS).catch(async (cause: unknown) => {
        const told = records(id).map(({ runId, sequence, status: said }) => `${runId}/${sequence} ${said}`);
        const temporalSays = await world.temporalCli('workflow', 'show', '--workflow-id', id).catch(String);
        const what = JSON.stringify({ shown: row?.status, log: row?.log, told });
        throw new Error(`${String(cause)}: ${what}\n${temporalSays}`, { cause });
      });
    },
    temporalCli: async (...words) =>
      (await run(temporalPath, [...words, '--address', temporalAddress(), '--namespace', name])).stdout,
    tctl: async (...words) =>
      (await run(tctlPath, ['--address', temporalAddress(), '--namespace', name, ...words])).stdout,
    reconcile: ({ debug, times } = {}) => {
      const { temporal, kafka, store } = platform;
      const reconciler = createReconciler({
        runs: temporal.runs,
        executions: temporal.executions,
        audit: kafka.auditLog,
        store,
        group: executionsGroup(name),
        log: { info: () => undefined, warn: () => undefined },
        now: Date.now,
        times: { ...TIMES, ...times },
        ...(debug && { debug }),
      });
      reconcilers.push(reconciler);
      reconciler.start();
      return reconciler;
    },
    close: async () => {
      await Promise.all(reconcilers.map((each) => each.stop()));
      await audit.close();
      await platform.stop();
    },
  };
  return world;
}
