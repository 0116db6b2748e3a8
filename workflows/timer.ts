import { isCancellation, makeContinueAsNewFunc, proxyLocalActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { LocalActivities } from '../activities/contract';
import type { NewEvent } from '../src/model/event';
import { parseRef } from '../src/model/refs';
import type { TimerAssignment } from '../src/model/assignments';

/** Carried through continue-as-new. Times are ISO 8601. */
export interface TimerProgress {
  /** When the timer first started; intervals count from here. */
  anchorIso: string;
  /** Nothing up to here fires any more. */
  afterIso: string;
}

const FIRES_PER_RUN = 500;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

const local = proxyLocalActivities<LocalActivities>({
  startToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 2, initialInterval: '200 milliseconds' },
});

/**
 * Fires one timer trigger until it has no further time or is cancelled. Fires that an outage made late collapse into one;
 * the interval's grid stays where the timer's start put it.
 */
export async function timerWorkflow(timer: TimerAssignment, progress?: TimerProgress): Promise<void> {
  const startedIso = workflowInfo().startTime.toISOString();
  const anchorIso = progress?.anchorIso ?? startedIso;
  let afterIso = progress?.afterIso ?? startedIso;
  for (let fires = 0; fires < FIRES_PER_RUN && !workflowInfo().continueAsNewSuggested; fires += 1) {
    const spec = { triggerType: timer.triggerType, parameters: timer.parameters, afterIso, anchorIso };
    const fireIso = await untilDone(() => local.nextFire(spec));
    if (fireIso === null) return;
    await sleep(Math.max(Date.parse(fireIso) - Date.now(), 1));
    const event = fireEvent(timer, fireIso);
    await untilDone(() => local.publishEvent(event));
    afterIso = new Date(Math.max(Date.parse(fireIso), Date.now())).toISOString();
  }
  const memo = workflowInfo().memo;
  await makeContinueAsNewFunc(memo ? { memo } : {})(timer, { anchorIso, afterIso });
}

/** The event of one fire: payload and trace tag as StackStorm's timers make them. The id is the planned time, so a repeated publish is one event. */
function fireEvent(timer: TimerAssignment, fireIso: string): NewEvent {
  const now = new Date().toISOString();
  return {
    trigger: timer.triggerRef,
    source: `/timers/${timer.triggerRef}`,
    eventId: `${timer.triggerRef}/${fireIso}`,
    occurredAt: fireIso,
    payload: { executed_at: now.replace('T', ' ').replace('Z', '000+00:00'), schedule: null },
    traceTag: `${nameOf(timer.triggerType)}-${nameOf(timer.triggerRef)}`,
  };
}

const nameOf = (ref: string): string => parseRef(ref)?.name ?? ref;

async function untilDone<T>(call: () => Promise<T>): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await call();
    } catch (error) {
      if (isCancellation(error)) throw error;
      await sleep(waitMs);
    }
  }
}
