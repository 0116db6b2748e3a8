import { activityInfo } from '@temporalio/activity';
import { auditRecordId } from '../src/model/ids';
import { ExecutionStatus } from '../src/model/statuses';
import type { DebugHook } from '../src/model/debug-points';
import type { AuditRecord } from '../src/model/audit';
import type { AuditAnnouncer } from './audit-announcer';
import { asFailure, attend, deskKey, heartbeatOf } from './attend';
import type { AttendingParts } from './attend';
import { confirmStart } from './confirm-start';
import type { RunActionInput, RunActionResult } from './contract';
import type { ActionRunners } from './runners/contract';
import { fitOutcome } from './fit-outcome';

const ANNOUNCED_AFTER_MS = 25;

export interface ActionActivityParts extends AttendingParts {
  announcer: Pick<AuditAnnouncer, 'announce' | 'acknowledged'>;
  runners: ActionRunners;
  hostname: string;
  pid: number;
  debug?: DebugHook;
}

/**
 * Runs an action as the current activity. Fails with ACTION_NOT_BEGUN when it was not begun, with ACTION_ABANDONED when it was stopped without
 * anyone asking for it, with an error's code when it could not be attempted.
 */
export async function runAction(parts: ActionActivityParts, input: RunActionInput): Promise<RunActionResult> {
  const { desk } = parts;
  const key = deskKey(activityInfo().activityId);
  try {
    if (input.confirmStart) await confirmStart(heartbeatOf(parts));
  } catch (error) {
    desk.refuse(key);
    throw error;
  }
  try {
    return await attend(
      parts,
      desk.run(key, (signal) => perform(parts, input, signal)),
    );
  } catch (error) {
    throw asFailure(error);
  }
}

async function perform(
  parts: ActionActivityParts,
  input: RunActionInput,
  signal: AbortSignal,
): Promise<RunActionResult> {
  const record = runningRecord(parts, input);
  const { announcer } = parts;
  // An action that ends at once is told as a whole by its workflow.
  const soon = setTimeout(() => announcer.announce([record]), ANNOUNCED_AFTER_MS);
  try {
    const running = parts.runners.run(input, { signal });
    await parts.debug?.('mid-activity');
    const outcome = fitOutcome(await running);
    return announcer.acknowledged(record) ? outcome : { ...outcome, unpublished: [record] };
  } finally {
    clearTimeout(soon);
  }
}

function runningRecord(parts: ActionActivityParts, input: RunActionInput): AuditRecord {
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
