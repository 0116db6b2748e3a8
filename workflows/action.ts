import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import { messageOf } from '../src/model/errors';
import { ExecutionStatus } from '../src/model/statuses';
import type { RunActionInput, RunActionResult } from '../activities/contract';
import type { ExecutionInput, ExecutionOutcome } from '../src/model/execution';
import type { JsonObject } from '../src/model/json';
import type { AuditTrail } from './audit-trail';
import { ACTION_ABANDONED_TYPE, HEARTBEAT_TIMEOUT_MS } from './contract';

const DEFAULT_TIMEOUT_SECONDS = 60;
/** The runner keeps its own time-out; Temporal's is the net under it. */
const TIMEOUT_MARGIN_SECONDS = 30;
/** Bounds the runs of an action that takes its worker down each time. */
const ATTEMPTS_ON_WORKER_LOSS = 10;
/** Runners without effects: running them again does no harm. */
const EFFECT_FREE_RUNNERS: ReadonlySet<string> = new Set(['noop']);

type ActionActivity = (input: RunActionInput) => Promise<RunActionResult>;

/**
 * Runs the action as an activity whose type is the action's ref. Resolves with the outcome, also when the worker was lost
 * (`abandoned`) or time ran out (`timeout`); throws only the cancellation.
 */
export async function runAction(run: {
  input: ExecutionInput;
  trail: AuditTrail;
  runnerParameters: JsonObject;
  actionParameters: JsonObject;
}): Promise<ExecutionOutcome> {
  const { input, trail, runnerParameters, actionParameters } = run;
  try {
    const { unpublished, ...outcome } = await activityFor(
      input,
      runnerParameters,
    )({
      executionId: input.executionId,
      input,
      runnerParameters,
      actionParameters,
      runningSequence: trail.reserve(),
    });
    if (unpublished) trail.publish(unpublished);
    return outcome;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return outcomeOfFailure(error);
  }
}

function activityFor(input: ExecutionInput, runnerParameters: JsonObject): ActionActivity {
  const { action, context } = input;
  const again = action.retry_on_worker_loss ?? EFFECT_FREE_RUNNERS.has(action.runner_type);
  const activities = proxyActivities<Record<string, ActionActivity>>({
    startToCloseTimeout: (timeoutSeconds(runnerParameters) + TIMEOUT_MARGIN_SECONDS) * 1_000,
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { maximumAttempts: again ? ATTEMPTS_ON_WORKER_LOSS : 1 },
    summary: context.rule?.ref ?? action.ref,
  });
  return activities[action.ref] as ActionActivity;
}

function timeoutSeconds(runnerParameters: JsonObject): number {
  const given = Object.hasOwn(runnerParameters, 'timeout') ? runnerParameters['timeout'] : undefined;
  return typeof given === 'number' && given > 0 ? given : DEFAULT_TIMEOUT_SECONDS;
}

function outcomeOfFailure(error: unknown): ExecutionOutcome {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure && cause.timeoutType !== 'HEARTBEAT') {
    return { status: ExecutionStatus.timeout, result: { error: 'The action did not end within its time-out.' } };
  }
  if (
    cause instanceof TimeoutFailure ||
    (cause instanceof ApplicationFailure && cause.type === ACTION_ABANDONED_TYPE)
  ) {
    const result = { error: 'The worker that ran the action was lost before it reported a result.' };
    return { status: ExecutionStatus.abandoned, result };
  }
  return { status: ExecutionStatus.failed, result: { error: messageOf(cause), traceback: '' } };
}
