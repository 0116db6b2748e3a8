import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { ShardState } from '../src/conditions/shard-machine';
import type { ExecutionInput, ExecutionOutcome } from '../src/model/execution';
import type { SensorAssignment, TimerAssignment } from '../src/model/assignments';
import type { ShardSpec } from '../src/model/shard';
import type { BackfillInput, BackfillProgress } from '../src/model/backfill';
import { backfillWorkflow } from './backfill';
import { BACKFILL_WORKFLOW_TYPE, SENSOR_WORKFLOW_TYPE, SHARD_WORKFLOW_TYPE, TIMER_WORKFLOW_TYPE } from './contract';
import { executionWorkflow } from './execution';
import { sensorWorkflow } from './sensor';
import type { SensorPlacement } from './sensor';
import { shardWorkflow } from './shard';
import { timerWorkflow } from './timer';
import type { TimerProgress } from './timer';

/**
 * The one workflow function: it serves every workflow type, so that Temporal shows an execution by its action's ref.
 * The platform's own types are told by name; any other type is an action's ref.
 */
export default function everstorm(
  input: unknown,
  extra?: unknown,
): Promise<ExecutionOutcome | BackfillProgress | void> {
  switch (workflowInfo().workflowType) {
    case SENSOR_WORKFLOW_TYPE:
      return sensorWorkflow(input as SensorAssignment, extra as SensorPlacement | undefined);
    case TIMER_WORKFLOW_TYPE:
      return timerWorkflow(input as TimerAssignment, extra as TimerProgress | undefined);
    case SHARD_WORKFLOW_TYPE:
      return shardWorkflow(input as ShardSpec, extra as ShardState | undefined);
    case BACKFILL_WORKFLOW_TYPE:
      return backfillWorkflow(input as BackfillInput, extra as BackfillProgress | undefined);
    default:
      return executionWorkflow(input as ExecutionInput);
  }
}

const ENDLESS: ReadonlySet<string> = new Set([SENSOR_WORKFLOW_TYPE, TIMER_WORKFLOW_TYPE, SHARD_WORKFLOW_TYPE]);

/**
 * An execution stays on the build it began on (the worker's default). The endless ones would hold their first build for ever, so they go over
 * to each new one at their next step: their histories must replay on every later release. An unversioned worker may name no behaviour.
 */
setWorkflowOptions(() => {
  const { workflowType, currentDeploymentVersion } = workflowInfo();
  const versioned = Boolean(currentDeploymentVersion?.deploymentName);
  return versioned && ENDLESS.has(workflowType) ? { versioningBehavior: 'AUTO_UPGRADE' } : {};
}, everstorm);
