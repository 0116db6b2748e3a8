import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineSignal,
  isCancellation,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { messageOf } from '../src/model/errors';
import { ExecutionStatus } from '../src/model/statuses';
import { renderFinalParameters } from '../src/expressions/parameters';
import type { ExecutionInput, ExecutionOutcome } from '../src/model/execution';
import type { JsonObject } from '../src/model/json';
import { runAction } from './action';
import { AuditTrail, maskedParameters } from './audit-trail';
import { CANCEL_SIGNAL, EXECUTION_FAILURE_TYPE, OUTCOME_MEMO, UNNAMED_USER } from './contract';
import type { CancelSignal } from './contract';
import { showStatus } from './search-attributes';

const cancelSignal = defineSignal<[CancelSignal]>(CANCEL_SIGNAL);

/**
 * One execution of an action: audit, optional delay, final rendering, the action as the one regular activity, outcome.
 * Returns the outcome when it succeeded; else fails with {@link EXECUTION_FAILURE_TYPE} and the outcome as detail, or ends
 * as Temporal's Canceled with the outcome in the memo.
 */
export async function executionWorkflow(input: ExecutionInput): Promise<ExecutionOutcome> {
  const trail = new AuditTrail(input, input.context);
  let canceledBy = UNNAMED_USER;
  setHandler(cancelSignal, ({ user }) => {
    canceledBy = user;
  });
  onCancel(() => {
    if (trail.closed) return;
    trail.extendContext({ cancelled_by: canceledBy });
    trail.publish([trail.record(ExecutionStatus.canceling)]);
  });
  try {
    const delayed = announce(input, trail);
    if (delayed) await delayed;
    const rendered = render(input);
    const outcome = 'status' in rendered ? rendered : await runAction({ input, trail, ...rendered });
    const held = finish({ input, trail, outcome });
    if (held) await held;
    return conclusion(input, outcome);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const outcome = {
      status: ExecutionStatus.canceled,
      result: { message: 'Action canceled by user.', user: canceledBy },
    };
    const held = finish({ input, trail, outcome });
    if (held) await held;
    upsertMemo({ [OUTCOME_MEMO]: outcome });
    throw new CancelledFailure('Execution canceled');
  }
}

/** Calls back once when this workflow's cancellation is requested. */
function onCancel(act: () => void): void {
  void CancellationScope.current().cancelRequested.catch(act);
}

/** The final parameters, or the failure that rendering them is: thrown it would fail the workflow task, for ever. */
function render(
  input: ExecutionInput,
): { runnerParameters: JsonObject; actionParameters: JsonObject } | ExecutionOutcome {
  try {
    return renderFinalParameters({
      parameters: input.parameters,
      action: input.action,
      runner: input.runner,
      context: { action_context: input.context, config_context: {} },
    });
  } catch (error) {
    return { status: ExecutionStatus.failed, result: { error: messageOf(error), traceback: '' } };
  }
}

/**
 * Makes the opening records, which go out in the workflow task that schedules the action (or the delay). The promise of the delay; none
 * without one: each promise of a workflow costs its worker a stack trace.
 */
function announce(input: ExecutionInput, trail: AuditTrail): Promise<void> | undefined {
  const { action, runner, delayMs } = input;
  const parameters = maskedParameters(input, input.parameters);
  const definition = { action, runner, parameters, ...(delayMs === undefined ? {} : { delayMs }) };
  // Requested is what it was before any worker took it.
  const at = workflowInfo().startTime.toISOString();
  const requested = trail.record(ExecutionStatus.requested, { definition, at });
  if (delayMs === undefined || delayMs <= 0) {
    trail.publish([requested, trail.record(ExecutionStatus.scheduled)]);
    // There the local activity that publishes goes before the action's.
    return input.announced ? undefined : Promise.resolve().then(() => undefined);
  }
  trail.publish([requested, trail.record(ExecutionStatus.delayed, { at })]);
  return sleep(delayMs).then(() => trail.publish([trail.record(ExecutionStatus.scheduled)]));
}

interface Ending {
  input: ExecutionInput;
  trail: AuditTrail;
  outcome: ExecutionOutcome;
}
/** Temporal's own status says it; showing it again would cost each execution a write to visibility. */
const TOLD_BY_TEMPORAL: ReadonlySet<string> = new Set([ExecutionStatus.succeeded, ExecutionStatus.canceled]);

/** Makes the final record. The promise of its acknowledgement, if the run has to wait for that. */
function finish({ input, trail, outcome }: Ending): Promise<void> | undefined {
  if (!input.announced || !TOLD_BY_TEMPORAL.has(outcome.status)) showStatus(outcome.status);
  trail.close(trail.record(outcome.status, { result: outcome.result }));
  return trail.settled();
}

function conclusion({ action }: ExecutionInput, outcome: ExecutionOutcome): ExecutionOutcome {
  if (outcome.status === ExecutionStatus.succeeded) return outcome;
  throw ApplicationFailure.nonRetryable(`${action.ref} ${outcome.status}`, EXECUTION_FAILURE_TYPE, outcome);
}
