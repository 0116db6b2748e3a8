import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildIdOf } from '../../../src/adapters/temporal/build-id';
import { connectClient } from '../../../src/adapters/temporal/client';
import type { TemporalClient } from '../../../src/adapters/temporal/client';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { createTemporal } from '../../../src/adapters/temporal/create-temporal';
import type { Temporal } from '../../../src/adapters/temporal/create-temporal';
import { ExecutionStatus } from '../../../src/model/statuses';
import type { VersionView } from '../../../src/services/versions';
import { kafkaBroker, temporalAddress } from '../../helpers/addresses';
import { everstorm, freePort } from '../../helpers/dev-process';
import { installRelease } from '../../helpers/release';
import type { Release, ServingProcess } from '../../helpers/release';
import { createTestDatabase, describeWithPostgres } from '../../helpers/test-database';
import { workflowBundle } from '../../helpers/workflow-bundle';
import { executionInput, KEY, until } from './support';

const RUNNING_ON_A = 200;
/** Delays of the executions on A, spread so that some end before, some during and most after the upgrade. */
const FIRST_DELAY_MS = 5_000;
const DELAY_STEP_MS = 150;
const AFTER_UPGRADE = 20;
/** One more execution so often while the upgrade goes on. */
const PACE_MS = 200;

describeWithPostgres('an upgrade of the workflows, with real processes', () => {
  const name = `upgrade-${randomUUID()}`;
  const environment = (apiPort: number, databaseUrl: string): Record<string, string> => ({
    EVERSTORM_HOME: join(tmpdir(), name),
    EVERSTORM_TEMPORAL_ADDRESS: temporalAddress(),
    EVERSTORM_TEMPORAL_NAMESPACE: name,
    EVERSTORM_KAFKA_BROKERS: kafkaBroker(),
    EVERSTORM_TOPIC_PREFIX: name,
    EVERSTORM_CODEC_KEY: Buffer.from(KEY).toString('base64'),
    EVERSTORM_API_PORT: String(apiPort),
    DATABASE_URL: databaseUrl,
  });
  const cleaners: (() => unknown)[] = [];
  const processes: ServingProcess[] = [];
  let buildA: string;
  let buildB: string;
  let releaseA: Release;
  let releaseB: Release;
  let variables: Record<string, string>;
  let apiUrl: string;
  let temporal: Temporal;
  let raw: TemporalClient;
  let processB: ServingProcess;
  /** Ids of the executions that began on A. */
  const onA: string[] = [];

  const serve = (release: Release, roles: readonly string[]): ServingProcess => {
    const started = release.serve(roles, variables);
    processes.push(started);
    return started;
  };
  const start = async (delayMs?: number): Promise<string> => {
    const input = executionInput(delayMs === undefined ? {} : { delayMs });
    input.action.runner_type = 'noop';
    input.runner.name = 'noop';
    await temporal.executions.start(input);
    return input.executionId;
  };
  /** Builds on which the steps of a run were done, in order. */
  const buildsOf = async (id: string): Promise<(string | null | undefined)[]> => {
    const { events } = await raw.client.workflow.getHandle(id).fetchHistory();
    return (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: done }) =>
      done ? [done.deploymentVersion?.buildId] : [],
    );
  };
  const finished = async (id: string, withinMs = 60_000): Promise<void> => {
    const state = await until(
      `end of ${id}`,
      async () => {
        const found = await temporal.executions.get(id);
        return found?.endedAt === undefined ? null : found;
      },
      withinMs,
    );
    expect(state).toMatchObject({ status: ExecutionStatus.succeeded });
  };
  const currentIs = (buildId: string) =>
    until(`${buildId} is current`, async () => (await temporal.deployments.current()) === buildId, 60_000);
  const open = async (buildId: string) => (await temporal.deployments.open([buildId])).get(buildId);
  const versions = async (): Promise<VersionView[]> => {
    const { code, stdout, stderr } = await everstorm('versions', '--json', '--url', apiUrl);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as VersionView[];
  };
  const version = async (buildId: string) => (await versions()).find(({ build_id: id }) => id === buildId);

  beforeAll(async () => {
    const [bundleA, bundleB] = [
      await workflowBundle(),
      await workflowBundle(resolve(__dirname, '../../replay/changed/harmless.ts')),
    ];
    buildA = buildIdOf(readFileSync(bundleA, 'utf8'));
    buildB = buildIdOf(readFileSync(bundleB, 'utf8'));
    [releaseA, releaseB] = [await installRelease(bundleA), await installRelease(bundleB)];
    cleaners.push(releaseA.remove, releaseB.remove);
    const database = await createTestDatabase();
    cleaners.push(database.drop);
    const apiPort = await freePort();
    apiUrl = `http://127.0.0.1:${apiPort}`;
    variables = environment(apiPort, database.url);
    const address = temporalAddress();
    temporal = await createTemporal({ address, namespace: name, codecKey: KEY });
    await temporal.prepare();
    raw = await connectClient({ address, namespace: name, codec: createCodec(KEY) });
    cleaners.push(temporal.close, () => raw.connection.close());
  }, 300_000);
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill9()));
    for (const clean of cleaners.reverse()) await clean();
  }, 60_000);

  test('what was started on A finishes on A, what is started after B took over runs on B, with no one of A left', async () => {
    expect(buildB).not.toBe(buildA);
    const processA = serve(releaseA, ['worker']);
    // Started before any version is current: it waits.
    onA.push(await start());
    await currentIs(buildA);
    for (let n = 0; n < RUNNING_ON_A; n += 10) {
      const ten = Array.from({ length: 10 }, (_, m) => start(FIRST_DELAY_MS + (n + m) * DELAY_STEP_MS));
      onA.push(...(await Promise.all(ten)));
    }

    processB = serve(releaseB, ['worker', 'api']);
    // Work comes in all through the upgrade.
    const during: string[] = [];
    let upgraded = false;
    const stream = (async () => {
      while (!upgraded) {
        during.push(await start());
        await pause(PACE_MS);
      }
    })();
    await currentIs(buildB).finally(() => (upgraded = true));
    await stream;
    const after = await Promise.all(Array.from({ length: AFTER_UPGRADE }, () => start()));

    const left = await open(buildA);
    expect(left).toBeGreaterThan(RUNNING_ON_A / 4);
    await processA.kill9();

    for (const id of [...onA, ...during, ...after]) await finished(id, 120_000);
    for (const id of onA) expect(new Set(await buildsOf(id))).toEqual(new Set([buildA]));
    for (const id of after) expect(new Set(await buildsOf(id))).toEqual(new Set([buildB]));
    const mixed = (await Promise.all(during.map(buildsOf))).filter((builds) => new Set(builds).size !== 1);
    expect(mixed).toEqual([]);
  }, 300_000);

  test('A is drained then: `everstorm versions` says so, and its worker stops', async () => {
    await until('visibility', async () => (await open(buildA)) === 0);
    const [newest, oldest] = await versions();
    expect(newest).toMatchObject({ build_id: buildB, status: 'current', workers: 1 });
    expect(newest?.remembered_executions).toBeGreaterThanOrEqual(AFTER_UPGRADE);
    expect(oldest).toMatchObject({ build_id: buildA, status: 'drained', open_executions: 0 });
    expect(oldest?.remembered_executions).toBeGreaterThanOrEqual(onA.length);
    const { stdout } = await everstorm('versions', '--url', apiUrl);
    expect(stdout).toMatch(new RegExp(`^VERSION .*\\n${buildB} +current .*\\n${buildA} +drained +0 `));
    await until('the worker of A stops', () => processB.log().includes('is drained, its worker stopped'), 60_000);
  }, 120_000);

  test('an execution that is reset after A was drained finishes on A: its worker comes back', async () => {
    const id = onA.at(-1) as string;
    const { events } = await raw.client.workflow.getHandle(id).fetchHistory();
    const last = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes).at(-1);
    const { runId } = await raw.client.workflow.getHandle(id).describe();
    await raw.connection.workflowService.resetWorkflowExecution({
      namespace: name,
      workflowExecution: { workflowId: id, runId },
      workflowTaskFinishEventId: last?.eventId ?? null,
      requestId: randomUUID(),
      reason: 'test',
    });
    await finished(id);
    expect((await temporal.executions.get(id))?.runId).not.toBe(runId);
    expect(new Set(await buildsOf(id))).toEqual(new Set([buildA]));
  }, 120_000);

  test('a replica of A that restarts late changes nothing', async () => {
    const late = serve(releaseA, ['worker']);
    await until('it serves', () => late.log().includes('role started'), 60_000);
    const id = await start();
    await finished(id);
    expect(new Set(await buildsOf(id))).toEqual(new Set([buildB]));
    expect(await temporal.deployments.current()).toBe(buildB);
    expect(await late.stop()).toBe(0);
  }, 120_000);

  test('`everstorm versions promote` goes back to A, which B runs too', async () => {
    const { code, stdout, stderr } = await everstorm('versions', 'promote', buildA, '--json', '--url', apiUrl);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ build_id: buildA, status: 'current' });
    const id = await start();
    await finished(id);
    expect(new Set(await buildsOf(id))).toEqual(new Set([buildA]));
    expect(await version(buildB)).toMatchObject({ status: 'drained' });
    expect(await everstorm('versions', 'promote', 'nonsense', '--url', apiUrl)).toMatchObject({ code: 1 });
    expect(await processB.stop()).toBe(0);
  }, 120_000);
});
