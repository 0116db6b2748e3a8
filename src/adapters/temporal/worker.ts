import { hostname } from 'node:os';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { LogEntry } from '@temporalio/worker';
import type { PayloadCodec } from '@temporalio/common';
import { writeFile } from 'node:fs/promises';
import { EverstormError } from '../../model/errors';
import { HEARTBEAT_THROTTLE_MS, STICKY_QUEUE_TIMEOUT_MS } from '../../model/timings';
import { createDataConverter } from './codec';

const SENSOR_SLOTS = 1_000;
const DEFAULT_ACTION_SLOTS = 100;
/** Cached workflows cost memory, an uncached one costs a replay of a short history. */
const CACHED_WORKFLOWS = 250;
const PROBE_WITHIN_MS = 2_000;

export interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  codec: PayloadCodec;
  activities: object;
}
export interface ExecutionWorkerParts extends WorkerParts {
  /** File made by {@link buildWorkflowBundle}. */
  bundlePath: string;
  /** Actions at once on this worker; 0 for workflows only. */
  actionSlots?: number;
  /** How long running actions may go on after `shutdown()`, ms; default none. Then they are stopped. */
  drainMs?: number;
}

/**
 * Log lines of the SDK, its native part included, at warning level and above go to `write`. Signals are left to the process: it stops its
 * roles in order. Once per process, before the first worker or native connection.
 */
export function installWorkerRuntime(write: (entry: LogEntry) => void): void {
  Runtime.install({
    logger: new DefaultLogger('WARN', write),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
  });
}

/** Connection for workers. Throws UNAVAILABLE when the server does not answer. */
export async function connectWorkers(address: string): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({ address });
  } catch (cause) {
    throw new EverstormError('UNAVAILABLE', `Temporal at ${address} does not answer`, {}, { cause });
  }
}

/** Bundles the workflows (entry `workflowsPath`) into `outFile`. The failure converter runs in the sandbox, so it belongs to the bundle. */
export async function buildWorkflowBundle(workflowsPath: string, outFile: string): Promise<void> {
  const quiet = new DefaultLogger('WARN');
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    failureConverterPath: require.resolve('./failure-converter'),
    logger: quiet,
  });
  await writeFile(outFile, code);
}

/** Worker for executions, timers and sensors' workflows, and for the activities that run actions. Run it with `run()`, end it with `shutdown()`. */
export function createExecutionWorker(parts: ExecutionWorkerParts): Promise<Worker> {
  return Worker.create({
    ...common(parts),
    shutdownGraceTime: parts.drainMs ?? 0,
    workflowBundle: { codePath: parts.bundlePath },
    enableNonLocalActivities: parts.actionSlots !== 0,
    maxConcurrentActivityTaskExecutions: parts.actionSlots || DEFAULT_ACTION_SLOTS,
    maxCachedWorkflows: CACHED_WORKFLOWS,
    workflowThreadPoolSize: 1,
    stickyQueueScheduleToStartTimeout: STICKY_QUEUE_TIMEOUT_MS,
  });
}

/** Worker for questions to this one process (`taskQueue` is its own): few, but each lasts as long as the action asked for. */
export function createDeskWorker(parts: WorkerParts): Promise<Worker> {
  return Worker.create({
    ...common(parts),
    maxConcurrentActivityTaskExecutions: SENSOR_SLOTS,
    maxConcurrentActivityTaskPolls: 1,
  });
}

/** Asks the server for a sign of life every so often, one question at a time, and calls back after each answer, until the returned function is called. */
export function watchServer(connection: NativeConnection, everyMs: number, reached: () => void): () => void {
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    const within = Date.now() + PROBE_WITHIN_MS;
    const done = (): void => void (asking = false);
    connection
      .withDeadline(within, () => connection.workflowService.getSystemInfo({}))
      .then(reached)
      .then(done, done);
  }, everyMs);
  return () => clearInterval(timer);
}

/** Worker for sensors: activities only, one slot each; at shutdown they are handed over at once. `activities` holds the function of the sensor activity type. */
export function createSensorWorker(parts: WorkerParts): Promise<Worker> {
  return Worker.create({ ...common(parts), maxConcurrentActivityTaskExecutions: SENSOR_SLOTS });
}

function common(parts: WorkerParts) {
  return {
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: parts.taskQueue,
    // The identity tells where an action ran (history.ts reads it).
    identity: `${process.pid}@${hostname()}`,
    dataConverter: createDataConverter(parts.codec),
    activities: parts.activities,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
    defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE_MS,
  };
}
