import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowIdConflictPolicy } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { sensorWorkflowId, timerWorkflowId } from '../../model/ids';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../../model/timings';
import type { Housekeeping } from '../../ports/executions';
import { SENSOR_WORKFLOW_TYPE, TIMER_WORKFLOW_TYPE } from '../../../workflows/contract';
import { call, isNamed, isNotFound } from './client';
import { inSlices } from './in-slices';
import { listOpen } from './open-runs';
import type { Keeper } from './open-runs';
import type { TemporalClient } from './client';

/** A cancelled workflow that has not ended by then is terminated: its worker is gone. */
const END_WITHIN_MS = 12_000;
const PINNED = temporal.api.enums.v1.VersioningBehavior.VERSIONING_BEHAVIOR_PINNED;
const LOOK_EVERY_MS = 200;
const AT_ONCE = 8;

interface Queues {
  executionTaskQueue: string;
  sensorTaskQueue: string;
}
interface Wanted {
  workflowId: string;
  version: string;
  summary: string;
  args: unknown[];
}

/** Keeps the sensor and timer workflows equal to what is wanted. Callers may race: Temporal lets one start win, and a cancel names the run it saw. */
export function createHousekeeping(temporalClient: TemporalClient, queues: Queues): Housekeeping {
  const keeper = { temporalClient, taskQueue: queues.executionTaskQueue };
  return {
    reconcileSensors: (wanted) =>
      reconcile(
        { ...keeper, type: SENSOR_WORKFLOW_TYPE },
        wanted.map((sensor) => ({
          workflowId: sensorWorkflowId(sensor.sensorRef),
          version: sensor.version,
          summary: sensor.sensorRef,
          args: [sensor, { sensorTaskQueue: queues.sensorTaskQueue }],
        })),
      ),
    reconcileTimers: (wanted) =>
      reconcile(
        { ...keeper, type: TIMER_WORKFLOW_TYPE },
        wanted.map((timer) => ({
          workflowId: timerWorkflowId(timer.triggerRef),
          version: timer.version,
          summary: timer.triggerRef,
          args: [timer],
        })),
      ),
  };
}

async function reconcile(keeper: Keeper, wanted: readonly Wanted[]): Promise<void> {
  const ids = new Set(wanted.map(({ workflowId }) => workflowId));
  await inSlices(wanted, AT_ONCE, (each) => ensure(keeper, each));
  const unwanted = (await listOpen(keeper)).filter((run) => !ids.has(run.workflowId));
  await inSlices(unwanted, AT_ONCE, (run) => end(keeper, run.workflowId, run.runId));
}

async function ensure(keeper: Keeper, wanted: Wanted): Promise<void> {
  const open = await openRun(keeper, wanted.workflowId);
  if (open?.pinned) await unpin(keeper, wanted.workflowId, open.runId);
  if (open?.version === wanted.version) return;
  if (open) await end(keeper, wanted.workflowId, open.runId);
  const { client, connection } = keeper.temporalClient;
  try {
    await call(connection, () =>
      client.workflow.start(keeper.type, {
        workflowId: wanted.workflowId,
        taskQueue: keeper.taskQueue,
        args: wanted.args,
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        memo: { version: wanted.version },
        staticSummary: wanted.summary,
      }),
    );
  } catch (error) {
    // Another caller was faster, with the same wish.
    if (!isNamed(error, 'WorkflowExecutionAlreadyStartedError')) throw error;
  }
}

interface OpenRun {
  runId: string;
  version: unknown;
  /** Bound to one build of the workflows. */
  pinned: boolean;
}

async function openRun(keeper: Keeper, workflowId: string): Promise<OpenRun | null> {
  const { client, connection } = keeper.temporalClient;
  try {
    const found = await call(connection, () => client.workflow.getHandle(workflowId).describe());
    if (found.status.name !== 'RUNNING') return null;
    const { behavior, versioningOverride } = found.raw.workflowExecutionInfo?.versioningInfo ?? {};
    const pinned = behavior === PINNED && !versioningOverride;
    return { runId: found.runId, version: found.memo?.['version'], pinned };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** A run that an unversioned worker began was pinned by the first versioned one; it must not hold that build for ever. */
async function unpin({ temporalClient }: Keeper, workflowId: string, runId: string): Promise<void> {
  const { connection, namespace } = temporalClient;
  await call(connection, () =>
    connection.workflowService.updateWorkflowExecutionOptions({
      namespace,
      workflowExecution: { workflowId, runId },
      workflowExecutionOptions: { versioningOverride: { autoUpgrade: true } },
      updateMask: { paths: ['versioning_override'] },
    }),
  );
}

/** Cancels the run (and, by its chain, its continuations) and waits until it has ended. */
async function end(keeper: Keeper, workflowId: string, runId: string): Promise<void> {
  const { client, connection } = keeper.temporalClient;
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    await call(connection, () => handle.cancel());
    const giveUpAt = Date.now() + END_WITHIN_MS;
    while ((await call(connection, () => handle.describe())).status.name === 'RUNNING') {
      if (Date.now() > giveUpAt) {
        await call(connection, () => handle.terminate('did not end when cancelled'));
        return;
      }
      await pause(LOOK_EVERY_MS);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
