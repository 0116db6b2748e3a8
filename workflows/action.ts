import {
  ActivityCancellationType,
  ActivityFailure,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import { messageOf } from '../src/model/errors';
import { HEARTBEAT_TIMEOUT_MS } from '../src/model/timings';
import { ExecutionStatus } from '../src/model/statuses';
import type { RunActionInput, RunActionResult } from '../activities/contract';
import type { ExecutionInput, ExecutionOutcome } from '../src/model/execution';
import type { JsonObject } from '../src/model/json';
import { isEffectFree, runToTheEnd } from './action-loss';
import type { AuditTrail } from './audit-trail';

const DEFAULT_TIMEOUT_SECONDS = 60;
/** The runner keeps its own time-out; Temporal's is the net under it. */
const TIMEOUT_MARGIN_SECONDS = 30;

type ActionActivity = (input: RunActionInput) => Promise<RunActionResult>;

/**
 * Runs the action as an activity whose type is the action's ref. Resolves with the outcome, also when the worker was lost
 * (`abandoned`) or time ran out (`timeout`); throws only the cancellation.
 */
export function runAction(run: {
  input: ExecutionInput;
  trail: AuditTrail;
  runnerParameters: JsonObject;
  actionParameters: JsonObject;
}): Promise<ExecutionOutcome> {
  const { input, trail, runnerParameters, actionParameters } = run;
  const options = optionsFor(input, runnerParameters);
  const activity = proxyActivities<Record<string, ActionActivity>>(options)[input.action.ref] as ActionActivity;
  const start = (): Promise<RunActionResult> =>
    activity({
      executionId: input.executionId,
      input,
      runnerParameters,
      actionParameters,
      runningSequence: trail.reserve(),
      ...(isEffectFree(input) ? {} : { confirmStart: true }),
    });
  return runToTheEnd(input, options, start).then(({ unpublished, ...outcome }) => {
    if (unpublished) trail.publish(unpublished);
    return outcome;
  }, outcomeOfFailure);
}

function optionsFor({ action, context }: ExecutionInput, runnerParameters: JsonObject): ActivityOptions {
  return {
    startToCloseTimeout: (timeoutSeconds(runnerParameters) + TIMEOUT_MARGIN_SECONDS) * 1_000,
    heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // Whether it may run again depends on what is known of the first run (action-loss.ts).
    retry: { maximumAttempts: 1 },
    summary: context.rule?.ref ?? action.ref,
  };
}

function timeoutSeconds(runnerParameters: JsonObject): number {
  const given = Object.hasOwn(runnerParameters, 'timeout') ? runnerParameters['timeout'] : undefined;
  return typeof given === 'number' && given > 0 ? given : DEFAULT_TIMEOUT_SECONDS;
}

function outcomeOfFailure(error: unknown): ExecutionOutcome {
  if (isCancellation(error)) throw error;
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) {
    return { status: ExecutionStatus.timeout, result: { error: 'The action did not end within its time-out.' } };
  }
  return { status: ExecutionStatus.failed, result: { error: messageOf(cause), traceback: '' } };
}
