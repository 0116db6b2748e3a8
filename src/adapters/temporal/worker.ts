import { hostname } from 'node:os';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { LogEntry, WorkerOptions } from '@temporalio/worker';
import type { PayloadCodec } from '@temporalio/common';
import { EverstormError } from '../../model/errors';
import { HEARTBEAT_THROTTLE_MS, STICKY_QUEUE_TIMEOUT_MS } from '../../model/timings';
import type { WorkflowBuild } from '../../model/workflow-build';
import { createDataConverter } from './codec';
import { DEPLOYMENT_NAME } from './deployments';

const SENSOR_SLOTS = 1_000;
const RULES_SLOTS = 50;
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
export interface ActionWorkerParts extends WorkerParts {
  /** Actions at once on this worker. */
  actionSlots?: number;
  /** How long running actions may go on after `shutdown()`, ms; default none. Then they are stopped. */
  drainMs?: number;
}
export type ExecutionWorkerParts = ActionWorkerParts & {
  /** 0 for workflows only. */
  actionSlots?: number;
  /** Functions that workflows hand things to. */
  sinks: NonNullable<WorkerOptions['sinks']>;
} & (VersionedWorkflows | UnversionedWorkflows);
/** Executions that begin on this build stay on it; the worker gets new ones once the build is current. */
interface VersionedWorkflows {
  build: WorkflowBuild;
}
/** Takes whatever no version has; for a task queue without versioned workers. */
interface UnversionedWorkflows {
  /** File of a workflow bundle. */
  bundlePath: string;
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

/** Worker for executions, timers and sensors' workflows, and for the activities that run actions. Run it with `run()`, end it with `shutdown()`. */
export function createExecutionWorker(parts: ExecutionWorkerParts): Promise<Worker> {
  return Worker.create({
    ...actions(parts),
    ...workflowsOf(parts),
    sinks: parts.sinks,
    enableNonLocalActivities: parts.actionSlots !== 0,
    maxCachedWorkflows: CACHED_WORKFLOWS,
    workflowThreadPoolSize: 1,
    stickyQueueScheduleToStartTimeout: STICKY_QUEUE_TIMEOUT_MS,
  });
}

function workflowsOf(
  parts: VersionedWorkflows | UnversionedWorkflows,
): Pick<WorkerOptions, 'workflowBundle' | 'workerDeploymentOptions'> {
  if ('bundlePath' in parts) return { workflowBundle: { codePath: parts.bundlePath } };
  const { code, buildId } = parts.build;
  return {
    workflowBundle: { code },
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName: DEPLOYMENT_NAME, buildId },
      defaultVersioningBehavior: 'PINNED',
    },
  };
}

/** Worker for the activities that run actions alone. */
export const createActionWorker = (parts: ActionWorkerParts): Promise<Worker> => Worker.create(actions(parts));

function actions(parts: ActionWorkerParts) {
  return {
    ...common(parts),
    shutdownGraceTime: parts.drainMs ?? 0,
    maxConcurrentActivityTaskExecutions: parts.actionSlots || DEFAULT_ACTION_SLOTS,
  };
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

/** Worker for what workflows ask of the rule service: activities only, by their types. */
export function createRulesWorker(parts: WorkerParts): Promise<Worker> {
  return Worker.create({ ...common(parts), maxConcurrentActivityTaskExecutions: RULES_SLOTS });
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
