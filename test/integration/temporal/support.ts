import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { createActionDesk } from '../../../activities/action-desk';
import { createExecutionHandlers } from '../../../activities/execution-activities';
import type { ActionRunners } from '../../../activities/runners/contract';
import { connectClient } from '../../../src/adapters/temporal/client';
import type { TemporalClient } from '../../../src/adapters/temporal/client';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { createTemporal } from '../../../src/adapters/temporal/create-temporal';
import type { Temporal } from '../../../src/adapters/temporal/create-temporal';
import { connectWorkers, createExecutionWorker } from '../../../src/adapters/temporal/worker';
import type { AuditRecord } from '../../../src/model/audit';
import { EverstormError } from '../../../src/model/errors';
import type { NewEvent } from '../../../src/model/event';
import type { ExecutionInput } from '../../../src/model/execution';
import { executionIdForSeed } from '../../../src/model/ids';
import { temporalAddress } from '../../helpers/addresses';
import { workflowBundle } from '../../helpers/workflow-bundle';

export const NAMESPACE = 'everstorm-test-temporal';
export const KEY = new Uint8Array(32).fill(7);
export const SECRET = 'hunter2-in-the-clear';

/** In-memory audit and event logs: Kafka is not the subject of these tests. `down` makes publishing fail. */
export class MemoryLogs {
  readonly records: AuditRecord[] = [];
  readonly events: NewEvent[] = [];
  down = false;
  readonly audit = {
    publish: async (records: readonly AuditRecord[]): Promise<void> => {
      this.refuseWhenDown();
      this.records.push(...records);
    },
  };
  readonly event = {
    publish: async (event: NewEvent): Promise<{ instanceId: string }> => {
      this.refuseWhenDown();
      this.events.push(event);
      return { instanceId: '0'.repeat(24) };
    },
  };
  of(executionId: string): AuditRecord[] {
    return this.records.filter((record) => record.executionId === executionId);
  }
  private refuseWhenDown(): void {
    if (this.down) throw new EverstormError('UNAVAILABLE', 'the log is down');
  }
}

export interface Rig {
  temporal: Temporal;
  raw: TemporalClient;
  logs: MemoryLogs;
  worker: Worker;
  connection: NativeConnection;
  taskQueue: string;
  stop(): Promise<void>;
}

/** Besides these, activities that take the place of the platform's. */
interface RigOptions {
  actionSlots?: number;
  /** One of its own for tests of task queues that have fixed names. */
  namespace?: string;
  [activity: string]: unknown;
}

/** A worker with these runners on a task queue of its own, and the adapter that talks to it. */
export async function startRig(
  runners: ActionRunners,
  sensorTaskQueue = `sensors-${randomUUID()}`,
  { actionSlots, namespace = NAMESPACE, ...overrides }: RigOptions = {},
): Promise<Rig> {
  const taskQueue = `test-${randomUUID()}`;
  const address = temporalAddress();
  const options = { address, namespace, codecKey: KEY, executionTaskQueue: taskQueue, sensorTaskQueue };
  const temporal = await createTemporal(options);
  await temporal.prepare();
  const codec = createCodec(KEY);
  const raw = await connectClient({ address, namespace, codec });
  const connection = await connectWorkers(address);
  const logs = new MemoryLogs();
  const desk = createActionDesk();
  const workerQueue = `worker-${randomUUID()}`;
  const { activities, sinks, close } = createExecutionHandlers({
    desk,
    workerQueue,
    isOpen: temporal.executions.isOpen,
    endedByItself: temporal.executions.endedByItself,
    auditLog: logs.audit,
    eventLog: logs.event,
    runners,
    hostname: hostname(),
    pid: process.pid,
  });
  const worker = await createExecutionWorker({
    connection,
    namespace,
    taskQueue,
    codec,
    activities: { ...activities, ...overrides },
    sinks,
    bundlePath: await workflowBundle(),
    ...(actionSlots === undefined ? {} : { actionSlots }),
  });
  const running = worker.run();
  const stop = async (): Promise<void> => {
    worker.shutdown();
    await running;
    await close(5_000);
    await connection.close();
    await raw.connection.close();
    await temporal.close();
  };
  return { temporal, raw, logs, worker, connection, taskQueue, stop };
}

/** Input of an execution of `test.act` with one secret parameter. */
export function executionInput(overrides: Partial<ExecutionInput> = {}): ExecutionInput {
  const executionId = executionIdForSeed(randomUUID());
  const runner = {
    id: '',
    uid: 'runner_type:test',
    name: 'test',
    description: '',
    enabled: true,
    runner_package: 'test',
    runner_module: 'test',
    runner_parameters: {},
    output_schema: {},
  };
  const action = {
    id: '',
    uid: 'action:test:act',
    ref: 'test.act',
    name: 'act',
    pack: 'test',
    description: '',
    enabled: true,
    runner_type: 'test',
    entry_point: '',
    parameters: {
      word: { type: 'string' as const },
      password: { type: 'string' as const, secret: true },
    },
    output_schema: {},
    tags: [],
    notify: {},
    metadata_file: '',
  };
  return {
    executionId,
    action,
    runner,
    parameters: { word: 'hello', password: SECRET },
    context: {
      user: 'tester',
      pack: 'test',
      trigger_instance: { id: '0000000100000000000000ff', name: 'test.trigger' },
      rule: { id: '1', ref: 'test.rule', uid: 'rule:test:rule', name: 'rule' },
      trace_context: { trace_tag: 'tag-1' },
    },
    triggerRef: 'test.trigger',
    packPath: '/nowhere',
    ...overrides,
  };
}

/** Waits for a condition, looking every 50 ms; throws after `withinMs`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 20_000,
): Promise<T> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found as T;
    if (Date.now() > giveUpAt) throw new Error(`${what} did not happen within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
