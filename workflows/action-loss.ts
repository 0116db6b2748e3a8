import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import { ADOPTION_AFTER_OUTAGE_MS, ADOPTION_WITHIN_MS, ANSWER_WITHIN_MS, OUTAGE_AFTER_MS } from '../src/model/timings';
import { ExecutionStatus } from '../src/model/statuses';
import type { DeskActivities, RunActionResult } from '../activities/contract';
import type { ExecutionInput, ExecutionOutcome } from '../src/model/execution';
import { ACTION_ABANDONED_TYPE, ACTION_NOT_BEGUN_TYPE, ADOPT_ACTIVITY_TYPE, ASK_ACTIVITY_TYPE } from './contract';
import type { ActionHeartbeat } from './contract';

/** Bounds the runs of an action that takes its worker down each time. */
const MOST_RUNS = 10;
const MOST_QUESTIONS = 10;
/** Runners without effects: running them again does no harm. */
const EFFECT_FREE_RUNNERS: ReadonlySet<string> = new Set(['noop']);

export const isEffectFree = ({ action }: ExecutionInput): boolean => EFFECT_FREE_RUNNERS.has(action.runner_type);

/** What is known of a run whose activity ended without telling how the action did. */
type Loss = { kind: 'not-begun' } | Silence | { kind: 'lost'; outcome?: ExecutionOutcome };
/** The worker process may still have it. */
interface Silence {
  kind: 'silent';
  activityId: string;
  heartbeat: ActionHeartbeat;
}

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
    let first: Loss;
    try {
      return await start();
    } catch (error) {
      first = lossIn(error);
    }
    const loss = first.kind === 'silent' ? await pursue(first, options) : first;
    if ('status' in loss) return loss;
    if (runs < MOST_RUNS && (loss.kind === 'not-begun' || again)) continue;
    return ('outcome' in loss && loss.outcome) || abandoned();
  }
}

/**
 * Asks the worker process, and has an action that still runs attended to again. That can fall silent as well, so it is asked again; but a
 * process that does not answer in time has lost the action.
 */
async function pursue(first: Silence, options: ActivityOptions): Promise<RunActionResult | Loss> {
  const { activityId } = first;
  let heartbeat = first.heartbeat;
  for (let questions = 0; questions < MOST_QUESTIONS; questions += 1) {
    const answer = await settled(() => ask(heartbeat)({ activityId }));
    if ('loss' in answer) return answer.loss.kind === 'not-begun' ? answer.loss : lost(answer.loss);
    if (answer.ended) return answer.ended;
    const adopted = await settled(() => adoption(heartbeat, options)({ activityId }));
    if (!('loss' in adopted)) return adopted;
    // An adoption that was never heard of says nothing of the action; only the process itself can.
    if (adopted.loss.kind === 'lost') return adopted.loss;
    if (adopted.loss.kind === 'silent') heartbeat = adopted.loss.heartbeat;
  }
  return { kind: 'lost' };
}

const lost = (loss: Loss): Loss => (loss.kind === 'lost' ? loss : { kind: 'lost' });

function ask({ workerQueue, at }: ActionHeartbeat): DeskActivities[typeof ASK_ACTIVITY_TYPE] {
  const within = Date.now() - at > OUTAGE_AFTER_MS ? ADOPTION_AFTER_OUTAGE_MS : ADOPTION_WITHIN_MS;
  return proxyActivities<DeskActivities>({
    taskQueue: workerQueue,
    scheduleToCloseTimeout: within,
    // A poll that nobody hears any more may swallow the question: it is put again.
    startToCloseTimeout: ANSWER_WITHIN_MS,
    retry: { initialInterval: 100, backoffCoefficient: 1 },
  })[ASK_ACTIVITY_TYPE];
}

function adoption(
  { workerQueue }: ActionHeartbeat,
  options: ActivityOptions,
): DeskActivities[typeof ADOPT_ACTIVITY_TYPE] {
  return proxyActivities<DeskActivities>({
    ...options,
    taskQueue: workerQueue,
    scheduleToStartTimeout: ADOPTION_WITHIN_MS,
  })[ADOPT_ACTIVITY_TYPE];
}

async function settled<T>(act: () => Promise<T>): Promise<T | { loss: Loss }> {
  try {
    return await act();
  } catch (error) {
    return { loss: lossIn(error) };
  }
}

/** Throws a failure that tells how the action ended, and a cancellation. */
function lossIn(error: unknown): Loss {
  const loss = isCancellation(error) ? null : lossOf(error);
  if (loss === null) throw error;
  return loss;
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
  // A question that no process answered. (An action's own activity has only START_TO_CLOSE, and that tells how it ended.)
  if (timeoutType === 'SCHEDULE_TO_START' || timeoutType === 'SCHEDULE_TO_CLOSE') return { kind: 'lost' };
  if (timeoutType !== 'HEARTBEAT') return null;
  const heartbeat = lastHeartbeatDetails as ActionHeartbeat | undefined;
  return heartbeat?.workerQueue ? { kind: 'silent', activityId, heartbeat } : { kind: 'not-begun' };
}

function abandoned(): RunActionResult {
  const result = { error: 'The worker that ran the action was lost before it reported a result.' };
  return { status: ExecutionStatus.abandoned, result };
}
