import { ActivityCancellationType, makeContinueAsNewFunc, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { SensorAssignment } from '../src/model/assignments';
import { HEARTBEAT_TIMEOUT_MS } from '../src/model/timings';
import { SENSOR_ACTIVITY_TYPE, SENSOR_TASK_QUEUE } from './contract';

/** Where sensors run, when not on the queue of all. */
export interface SensorPlacement {
  sensorTaskQueue: string;
}

/**
 * Keeps one sensor running somewhere: a long activity that moves to another worker when its own dies (its heartbeats stop).
 * The activity's heartbeat details survive the move. Ends only by cancellation.
 */
export async function sensorWorkflow(assignment: SensorAssignment, placement?: SensorPlacement): Promise<void> {
  const activities = proxyActivities<Record<string, (assignment: SensorAssignment) => Promise<void>>>({
    taskQueue: placement?.sensorTaskQueue ?? SENSOR_TASK_QUEUE,
    startToCloseTimeout: '30 days',
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '2500 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
    summary: assignment.sensorRef,
  });
  await activities[SENSOR_ACTIVITY_TYPE]?.(assignment);
  const memo = workflowInfo().memo;
  await makeContinueAsNewFunc(memo ? { memo } : {})(assignment, placement);
}
