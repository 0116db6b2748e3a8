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
    const outcome = await perform(input, trail);
    return await conclude({ input, trail, outcome });
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const result = { message: 'Action canceled by user.', user: canceledBy };
    await finish(trail, { status: ExecutionStatus.canceled, result });
    upsertMemo({ [OUTCOME_MEMO]: { status: ExecutionStatus.canceled, result } });
    throw new CancelledFailure('Execution canceled');
  }
}

/** Calls back once when this workflow's cancellation is requested. */
function onCancel(act: () => void): void {
  void CancellationScope.current().cancelRequested.catch(act);
}

async function perform(input: ExecutionInput, trail: AuditTrail): Promise<ExecutionOutcome> {
  await announce(input, trail);
  let parameters: { runnerParameters: JsonObject; actionParameters: JsonObject };
  try {
    parameters = renderFinalParameters({
      parameters: input.parameters,
      action: input.action,
      runner: input.runner,
      context: { action_context: input.context, config_context: {} },
    });
  } catch (error) {
    // Anything thrown here would fail the workflow task for ever: what the expressions say is the execution's failure.
    return failure(error);
  }
  return runAction({ input, trail, ...parameters });
}

/** The opening records go out in the workflow task that schedules the action (or the delay). */
async function announce(input: ExecutionInput, trail: AuditTrail): Promise<void> {
  const { action, runner, delayMs } = input;
  const parameters = maskedParameters(input, input.parameters);
  const definition = { action, runner, parameters, ...(delayMs === undefined ? {} : { delayMs }) };
  // Requested is what it was before any worker took it.
  const at = workflowInfo().startTime.toISOString();
  const opening = [trail.record(ExecutionStatus.requested, { definition, at })];
  if (delayMs !== undefined && delayMs > 0) {
    trail.publish([...opening.splice(0), trail.record(ExecutionStatus.delayed, { at })]);
    await sleep(delayMs);
  }
  trail.publish([...opening, trail.record(ExecutionStatus.scheduled)]);
}

function failure(error: unknown): ExecutionOutcome {
  return { status: ExecutionStatus.failed, result: { error: messageOf(error), traceback: '' } };
}

async function finish(trail: AuditTrail, outcome: ExecutionOutcome): Promise<void> {
  showStatus(outcome.status);
  trail.close(trail.record(outcome.status, { result: outcome.result }));
  await trail.settled();
}

async function conclude(end: {
  input: ExecutionInput;
  trail: AuditTrail;
  outcome: ExecutionOutcome;
}): Promise<ExecutionOutcome> {
  const { input, trail, outcome } = end;
  await finish(trail, outcome);
  if (outcome.status === ExecutionStatus.succeeded) return outcome;
  throw ApplicationFailure.nonRetryable(`${input.action.ref} ${outcome.status}`, EXECUTION_FAILURE_TYPE, outcome);
}
