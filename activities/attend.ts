import { activityInfo, cancellationSignal, CancelledFailure, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { errorCode, messageOf } from '../src/model/errors';
import { HEARTBEAT_EVERY_MS } from '../src/model/timings';
import { ExecutionStatus } from '../src/model/statuses';
import type { ExecutionOutcome } from '../src/model/execution';
import { ACTION_ABANDONED_TYPE } from '../workflows/contract';
import type { ActionHeartbeat } from '../workflows/contract';
import { isLoss } from './action-desk';
import type { ActionDesk, DeskEntry } from './action-desk';
import type { RunActionResult } from './contract';

/** What attending to an action needs of the worker process. */
export interface AttendingParts {
  desk: ActionDesk;
  /** Task queue on which this process alone answers for its actions. */
  workerQueue: string;
  /** Whether the run of a workflow still goes on. Throws UNAVAILABLE. */
  isOpen(workflowId: string, runId: string): Promise<boolean>;
}

/** The SDK's reasons for ending an activity: its workflow asked, or this worker stops; any other means that Temporal gave it up. */
const ASKED = 'CANCELLED';
const WORKER_SHUTDOWN = 'WORKER_SHUTDOWN';

/**
 * Keeps the current activity alive while the action runs, and ends with its outcome. A cancellation stops the action. When Temporal
 * gave the activity up, the action goes on unattended for a while, so that its workflow can ask for it.
 */
export async function attend(parts: AttendingParts, entry: DeskEntry): Promise<RunActionResult> {
  const signal = cancellationSignal();
  const beat = setInterval(() => heartbeat(heartbeatOf(parts)), HEARTBEAT_EVERY_MS);
  entry.claim();
  try {
    const ended = await Promise.race([entry.outcome, aborted(signal)]);
    return known(entry, ended ?? (await interrupted(parts, entry, messageOf(signal.reason))));
  } finally {
    clearInterval(beat);
  }
}

export const heartbeatOf = ({ workerQueue }: Pick<AttendingParts, 'workerQueue'>): ActionHeartbeat => ({
  workerQueue,
  at: Date.now(),
});

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

async function interrupted(parts: AttendingParts, entry: DeskEntry, reason: string): Promise<ExecutionOutcome> {
  if (reason === WORKER_SHUTDOWN) {
    entry.stop('shutdown');
    return entry.outcome;
  }
  if (reason === ASKED || (await isOver(parts))) {
    entry.stop('cancelled');
    await entry.outcome.catch(() => undefined); // what a cancelled action has to say is no result
  } else {
    entry.orphan();
  }
  throw new CancelledFailure(reason);
}

/** A run that was terminated or reset asks for nothing any more. While Temporal can't be asked it may yet ask. */
async function isOver({ isOpen }: AttendingParts): Promise<boolean> {
  const run = activityInfo().workflowExecution;
  if (!run) return true;
  try {
    return !(await isOpen(run.workflowId, run.runId));
  } catch {
    return false;
  }
}

/** The outcome, unless the action was stopped without anyone asking for it: then only the workflow can say what that means. */
function known(entry: DeskEntry, outcome: ExecutionOutcome): ExecutionOutcome {
  if (!isLoss(entry.stopped) && outcome.status !== ExecutionStatus.abandoned) return outcome;
  const result = entry.stopped === null ? [outcome] : [];
  throw ApplicationFailure.nonRetryable(
    `The action was stopped (${entry.stopped ?? 'lease'})`,
    ACTION_ABANDONED_TYPE,
    ...result,
  );
}

/** What an activity may throw: our own and the SDK's failures as they are, anything else by its code. */
export function asFailure(error: unknown): unknown {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  return ApplicationFailure.nonRetryable(messageOf(error), errorCode(error) ?? 'INTERNAL');
}

/** Names an action by the activity that started it. */
export function deskKey(activityId: string): string {
  const { workflowExecution } = activityInfo();
  return `${workflowExecution?.workflowId}/${workflowExecution?.runId}/${activityId}`;
}
