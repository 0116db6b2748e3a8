import {
  ActivityCancellationType,
  defineQuery,
  defineSignal,
  isCancellation,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { BackfillActivities } from '../activities/contract';
import { added, noCounts, noStarts, sampled } from '../src/model/backfill';
import type { BackfillInput, BackfillProgress } from '../src/model/backfill';
import { pastOf } from '../src/model/log-range';
import { HEARTBEAT_TIMEOUT_MS } from '../src/model/timings';
import { CANCEL_SIGNAL, PROGRESS_MEMO, PROGRESS_QUERY, RULES_TASK_QUEUE, UNNAMED_USER } from './contract';
import type { CancelSignal } from './contract';

/** A step ends by itself within some seconds (a start: with its last turn); this is for one that hangs and still beats. */
const STEP_MS = 120_000;

const steps = proxyActivities<BackfillActivities>({
  taskQueue: RULES_TASK_QUEUE,
  startToCloseTimeout: STEP_MS,
  heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
  // What a step did before it was cancelled is told by it.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** A run of the workflow has as many steps; then another one carries on. */
class RunIsLong extends Error {}

/**
 * Holds a rule against a range of the log, counting first; then, unless it is a dry run, starts what never ran, at the rate asked for. Answers the
 * `progress` query; what a step did is kept before the next begins, so it goes on there whatever dies. Returns where it ended.
 */
export async function backfillWorkflow(input: BackfillInput, carried?: BackfillProgress): Promise<BackfillProgress> {
  const progress = carried ?? begun();
  setHandler(defineQuery(PROGRESS_QUERY), () => progress);
  setHandler(defineSignal<[CancelSignal]>(CANCEL_SIGNAL), ({ user }) => void (progress.cancelled_by = user));
  const step = stepCounter(input.limits.stepsPerRun);
  try {
    if (progress.phase === 'locating') await locate(input, progress);
    if (progress.phase === 'counting') await count(input, progress, step);
    if (progress.phase === 'starting') await startAll(input, progress, step);
    return progress;
  } catch (error) {
    if (error instanceof RunIsLong) {
      const { memo } = workflowInfo();
      return makeContinueAsNewFunc(memo ? { memo } : {})(input, progress);
    }
    if (isCancellation(error)) progress.cancelled_by ??= UNNAMED_USER;
    keep(progress); // a workflow that does not complete returns nothing
    throw error;
  }
}

const begun = (): BackfillProgress => ({
  phase: 'locating',
  range: null,
  left: [],
  counts: noCounts(),
  starts: noStarts(),
  samples: [],
});

const keep = (progress: BackfillProgress): void => upsertMemo({ [PROGRESS_MEMO]: progress });

/** Throws when the run has had its steps. */
function stepCounter(stepsPerRun: number): () => void {
  let made = 0;
  return () => {
    if (made >= stepsPerRun || workflowInfo().continueAsNewSuggested) throw new RunIsLong();
    made += 1;
  };
}

async function locate({ from, to }: BackfillInput, progress: BackfillProgress): Promise<void> {
  progress.range = await steps.backfillRange({ from, to });
  enter(progress, 'counting');
}

function enter(progress: BackfillProgress, phase: BackfillProgress['phase']): void {
  progress.phase = phase;
  progress.left = phase === 'done' ? [] : [...(progress.range?.spans ?? [])];
  keep(progress);
}

async function count(
  { rule, limits, dryRun }: BackfillInput,
  progress: BackfillProgress,
  step: () => void,
): Promise<void> {
  const epoch = progress.range?.epoch ?? 0;
  for (let [span] = progress.left; span; [span] = progress.left) {
    step();
    const seen = await steps.backfillLook({ rule, epoch, span, entries: limits.entries });
    progress.left = pastOf(progress.left, seen.next);
    progress.counts = added(progress.counts, seen.counts);
    progress.samples = sampled(progress.samples, seen.samples);
  }
  const { would_start: starts, shadowed } = progress.counts;
  enter(progress, dryRun || starts + shadowed === 0 ? 'done' : 'starting');
}

/** Partition by partition, in the log's order: events of one key start in order. */
async function startAll(input: BackfillInput, progress: BackfillProgress, step: () => void): Promise<void> {
  const { rule, limits, rate } = input;
  const epoch = progress.range?.epoch ?? 0;
  // A few seconds' worth, so that progress shows and a cancellation is soon learned.
  const find = Math.max(1, Math.min(limits.starts, Math.ceil(rate * 5)));
  for (let [span] = progress.left; span; [span] = progress.left) {
    step();
    const seen = await steps.backfillLook({ rule, epoch, span, entries: limits.entries, find });
    await startFound(input, progress, { epoch, partition: span.partition, offsets: seen.found });
    progress.left = pastOf(progress.left, seen.next);
  }
  enter(progress, 'done');
}

async function startFound(
  { rule, rate }: BackfillInput,
  progress: BackfillProgress,
  { epoch, partition, offsets }: { epoch: number; partition: number; offsets: number[] },
): Promise<void> {
  const backfill = workflowInfo().workflowId;
  for (let left = offsets; left.length > 0;) {
    const begunAt = Date.now();
    const made = await steps.backfillStart({ backfill, rule, epoch, partition, offsets: left, rate });
    progress.starts = added(progress.starts, made.starts);
    left = made.left;
    // The step paces itself; this is for slow rates, whose turns are further apart than a step should wait.
    const due = begunAt + (made.starts.started * 1_000) / rate - Date.now();
    if (due > 0) await sleep(Math.ceil(due));
  }
}
