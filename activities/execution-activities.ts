import { activityInfo, cancellationSignal, CancelledFailure, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { errorCode, messageOf } from '../src/model/errors';
import { auditRecordId } from '../src/model/ids';
import { ExecutionStatus } from '../src/model/statuses';
import type { AuditRecord } from '../src/model/audit';
import type { AuditLog } from '../src/ports/audit-log';
import type { EventLog } from '../src/ports/event-log';
import { ACTION_ABANDONED_TYPE } from '../workflows/contract';
import type { LocalActivities, RunActionInput, RunActionResult } from './contract';
import type { ActionRunners } from './runners/contract';
import { fitOutcome } from './fit-outcome';
import { nextFire } from './timer';

const HEARTBEAT_EVERY_MS = 1_000;
/** Cancel reason that the SDK gives when it is the worker that stops, not the execution. */
const WORKER_SHUTDOWN = 'WORKER_SHUTDOWN';

/** What the activities need of the process they run in. */
export interface ExecutionActivityParts {
  auditLog: Pick<AuditLog, 'publish'>;
  eventLog: Pick<EventLog, 'publish'>;
  runners: ActionRunners;
  hostname: string;
  pid: number;
}
/** `default` serves every activity type without a function of its own: the actions, by ref. */
export interface ExecutionActivities extends LocalActivities {
  default(input: RunActionInput): Promise<RunActionResult>;
}

/** Activities of the worker that runs executions and timers, for `Worker.create({ activities })`. */
export function createExecutionActivities(parts: ExecutionActivityParts): ExecutionActivities {
  return {
    publishAudit: (records) => parts.auditLog.publish(records),
    publishEvent: (event) => parts.eventLog.publish(event),
    nextFire: (spec) => Promise.resolve(nextFire(spec)),
    default: (input) => runAction(parts, input),
  };
}

async function runAction(parts: ExecutionActivityParts, input: RunActionInput): Promise<RunActionResult> {
  const record = runningRecord(parts, input);
  const announced = announce(parts.auditLog, record);
  const signal = cancellationSignal();
  const beat = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
  try {
    heartbeat();
    const outcome = fitOutcome(await parts.runners.run(input, { signal, heartbeat: () => heartbeat() }));
    throwIfCancelled(signal);
    return announced.done ? outcome : { ...outcome, unpublished: [record] };
  } catch (error) {
    throwIfCancelled(signal);
    throw ApplicationFailure.nonRetryable(messageOf(error), errorCode(error) ?? 'INTERNAL');
  } finally {
    clearInterval(beat);
  }
}

/** Kafka's acknowledgement is not waited for: the action must not start later for it. */
function announce(auditLog: Pick<AuditLog, 'publish'>, record: AuditRecord): { readonly done: boolean } {
  const state = { done: false };
  auditLog.publish([record]).then(
    () => {
      state.done = true;
    },
    // The record goes to the workflow with the result, which publishes it for ever.
    () => undefined,
  );
  return state;
}

function runningRecord(parts: ExecutionActivityParts, input: RunActionInput): AuditRecord {
  const { workflowExecution } = activityInfo();
  const { workflowId, runId } = workflowExecution ?? { workflowId: input.executionId, runId: '' };
  const { triggerRef, context, action } = input.input;
  return {
    id: auditRecordId(workflowId, runId, input.runningSequence),
    executionId: input.executionId,
    workflowId,
    runId,
    sequence: input.runningSequence,
    status: ExecutionStatus.running,
    at: new Date().toISOString(),
    actionRef: action.ref,
    context,
    ...(triggerRef ? { triggerRef } : {}),
    runnerInfo: { hostname: parts.hostname, pid: parts.pid },
  };
}

/** After an abort the runner has stopped everything; what it returned then is no result. */
function throwIfCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  const reason: unknown = signal.reason;
  if (messageOf(reason) === WORKER_SHUTDOWN) {
    throw ApplicationFailure.retryable('The worker was stopped', ACTION_ABANDONED_TYPE);
  }
  throw reason instanceof CancelledFailure ? reason : new CancelledFailure(messageOf(reason));
}
