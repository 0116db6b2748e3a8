import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import { ADOPTION_AFTER_OUTAGE_MS, ADOPTION_WITHIN_MS, OUTAGE_AFTER_MS } from '../src/model/timings';
import { ExecutionStatus } from '../src/model/statuses';
import type { AdoptActionInput, RunActionResult } from '../activities/contract';
import type { ExecutionInput, ExecutionOutcome } from '../src/model/execution';
import { ACTION_ABANDONED_TYPE, ACTION_NOT_BEGUN_TYPE, ADOPT_ACTIVITY_TYPE } from './contract';
import type { ActionHeartbeat } from './contract';

/** Bounds the runs of an action that takes its worker down each time. */
const MOST_RUNS = 10;
/** Runners without effects: running them again does no harm. */
const EFFECT_FREE_RUNNERS: ReadonlySet<string> = new Set(['noop']);

export const isEffectFree = ({ action }: ExecutionInput): boolean => EFFECT_FREE_RUNNERS.has(action.runner_type);

/** What is known of a run whose activity ended without telling how the action did. */
type Loss =
  | { kind: 'not-begun' }
  /** The worker process may still have it. */
  | { kind: 'silent'; activityId: string; heartbeat: ActionHeartbeat }
  | { kind: 'lost'; outcome?: ExecutionOutcome };

/**
 * Starts the action's activity and, when its end was not heard of, finds out what became of the action: one that was not begun is run
 * again; one that still runs, or has ended unheard, is asked for at its worker; one that is lost is run again only if its metadata
 * says so (`retry_on_worker_loss`, by default runners without effects), else it is `abandoned`. Throws what else the activity threw.
 */
export async function runToTheEnd(
  input: ExecutionInput,
  options: ActivityOptions,
  start: () => Promise<RunActionResult>,
): Promise<RunActionResult> {
  const again = input.action.retry_on_worker_loss ?? isEffectFree(input);
  for (let runs = 1; ; runs += 1) {
    const ended = await settled(start);
    const loss = 'loss' in ended ? await pursue(ended.loss, options) : ended;
    if ('status' in loss) return loss;
    if (runs < MOST_RUNS && (loss.kind === 'not-begun' || again)) continue;
    return ('outcome' in loss && loss.outcome) || abandoned();
  }
}

/** Asks worker processes until one knows how the action ended, or none does. An adopted action can fall silent again. */
async function pursue(first: Loss, options: ActivityOptions): Promise<RunActionResult | Loss> {
  let loss = first;
  while (loss.kind === 'silent') {
    const { activityId, heartbeat } = loss;
    const adopted = await settled(() => adoption(heartbeat, options)({ activityId }));
    if (!('loss' in adopted)) return adopted;
    loss = adopted.loss.kind === 'silent' ? { ...adopted.loss, activityId } : adopted.loss;
  }
  return loss;
}

function adoption(
  heartbeat: ActionHeartbeat,
  options: ActivityOptions,
): (input: AdoptActionInput) => Promise<RunActionResult> {
  const activities = proxyActivities<Record<string, (input: AdoptActionInput) => Promise<RunActionResult>>>({
    ...options,
    taskQueue: heartbeat.workerQueue,
    scheduleToStartTimeout: Date.now() - heartbeat.at > OUTAGE_AFTER_MS ? ADOPTION_AFTER_OUTAGE_MS : ADOPTION_WITHIN_MS,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  return activities[ADOPT_ACTIVITY_TYPE] as (input: AdoptActionInput) => Promise<RunActionResult>;
}

async function settled(act: () => Promise<RunActionResult>): Promise<RunActionResult | { loss: Loss }> {
  try {
    return await act();
  } catch (error) {
    const loss = isCancellation(error) ? null : lossOf(error);
    if (loss === null) throw error;
    return { loss };
  }
}

/** Null for a failure that tells how the action ended. */
function lossOf(error: unknown): Loss | null {
  if (!(error instanceof ActivityFailure)) return null;
  const { cause, activityId = '' } = error;
  if (cause instanceof ApplicationFailure) return lossOfReport(cause);
  return cause instanceof TimeoutFailure ? lossOfSilence(cause, activityId) : null;
}

function lossOfReport({ type, details }: ApplicationFailure): Loss | null {
  if (type === ACTION_NOT_BEGUN_TYPE) return { kind: 'not-begun' };
  if (type !== ACTION_ABANDONED_TYPE) return null;
  const outcome = details?.[0] as ExecutionOutcome | undefined;
  return { kind: 'lost', ...(outcome ? { outcome } : {}) };
}

function lossOfSilence({ timeoutType, lastHeartbeatDetails }: TimeoutFailure, activityId: string): Loss | null {
  // An adoption that no worker took.
  if (timeoutType === 'SCHEDULE_TO_START') return { kind: 'lost' };
  if (timeoutType !== 'HEARTBEAT') return null;
  const heartbeat = lastHeartbeatDetails as ActionHeartbeat | undefined;
  return heartbeat?.workerQueue ? { kind: 'silent', activityId, heartbeat } : { kind: 'not-begun' };
}

function abandoned(): RunActionResult {
  const result = { error: 'The worker that ran the action was lost before it reported a result.' };
  return { status: ExecutionStatus.abandoned, result };
}
