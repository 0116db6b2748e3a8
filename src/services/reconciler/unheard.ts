import { isCompleted } from '../../model/statuses';
import { inChunks } from './in-chunks';
import type { Reconciling } from './options';
import { readStates } from './read-states';
import { planOfEnd } from './records';
import { claimTales, tell } from './tell';
import type { Tale } from './tell';

const MARK = 'executions-heard-of';
const CHUNK = 100;
/** Looked at in one go; a longer absence is caught up with in several. */
const LONGEST_WINDOW_MS = 600_000;

/**
 * Tells the executions nobody has heard of: their worker died before Kafka took their first record. Temporal and the read model are asked how
 * many began in the same stretch of time, some while ago; only where Temporal has more is it asked which.
 */
export async function tellUnheard(reconciling: Reconciling): Promise<void> {
  const { store, runs, times, now } = reconciling;
  const until = now() - times.unchanged;
  const mark = await store.platform.mark(MARK);
  if (mark === null) return store.platform.raiseMark(MARK, until);
  if (until - mark < times.unchanged) return;
  const from = new Date(mark);
  const to = new Date(Math.min(until, mark + LONGEST_WINDOW_MS));
  if ((await runs.countBegun(from, to)) > (await store.executions.countBegun(from, to))) {
    for await (const chunk of inChunks(runs.begun(from, to), CHUNK)) {
      if (reconciling.signal.aborted) return;
      const known = await store.executions.known(chunk.map(({ executionId }) => executionId));
      await tellThose(
        chunk.filter(({ executionId }) => !known.has(executionId)),
        reconciling,
      );
    }
  }
  await store.platform.raiseMark(MARK, to.getTime());
}

async function tellThose(unheard: readonly { executionId: string }[], reconciling: Reconciling): Promise<void> {
  const { executions } = reconciling;
  const readings = await readStates(unheard, ({ executionId }) => executions.get(executionId), reconciling);
  const tales = readings.flatMap(({ item, reading }): Tale[] => {
    if (reading.kind !== 'state') return [];
    const { state } = reading;
    const what = isCompleted(state.status) ? 'end' : 'begin';
    const fact = { executionId: item.executionId, runId: state.runId, what } as const;
    return [{ fact, plan: (known) => planOfEnd(state, known) }];
  });
  await tell(await claimTales(tales, reconciling), reconciling);
}
