import type { RunFact } from '../../ports/run-endings';
import type { ListedRun } from '../../ports/runs';
import { inChunks } from './in-chunks';
import type { Reconciling } from './options';
import { readStates } from './read-states';
import { planOfEnd } from './records';
import { resetTales } from './resets';
import { tell } from './tell';
import type { Tale } from './tell';

const CHUNK = 100;
/** How long a run whose history can't be read is left alone. */
const UNREADABLE_MS = 300_000;

/**
 * Tells the ends of runs that Temporal ended from outside since a time. Returns when the earliest of those ended (milliseconds since the
 * epoch) that are still to be told, Infinity when all are.
 */
export async function tellEnds(since: Date, reconciling: Reconciling): Promise<number> {
  const { runs, store, signal } = reconciling;
  let earliest = Infinity;
  for await (const chunk of inChunks(runs.endedFromOutside(since), CHUNK)) {
    if (signal.aborted) return 0;
    const facts = chunk.map(endOf);
    const claimed = new Set((await store.runEndings.claim(facts, { leaseMs: reconciling.times.lease })).map(keyOf));
    const unreadable = await tellClaimed(
      chunk.filter((run) => claimed.has(keyOf(run))),
      reconciling,
    );
    const open = new Set((await store.runEndings.unsettled(facts)).map(keyOf));
    for (const run of chunk) {
      if (open.has(keyOf(run)) && !unreadable.has(keyOf(run))) earliest = Math.min(earliest, Date.parse(run.at));
    }
  }
  return earliest;
}

/** Returns the keys of runs that can't be read. */
async function tellClaimed(claimed: readonly ListedRun[], reconciling: Reconciling): Promise<Set<string>> {
  const { runs, store, times, now } = reconciling;
  const readings = await readStates(claimed, (run) => runs.read(run.executionId, run.runId), reconciling);
  const unreadable = new Set<string>();
  const tales: Tale[] = [];
  const superseded: string[] = [];
  for (const { item: run, reading } of readings) {
    const fact = endOf(run);
    // What Temporal forgot in between is for the sweep.
    if (reading.kind === 'forgotten') tales.push({ fact, plan: () => ({ records: [] }) });
    if (reading.kind === 'unreadable') {
      unreadable.add(keyOf(run));
      await store.runEndings.postpone([fact], UNREADABLE_MS);
    }
    if (reading.kind !== 'state') continue;
    const { state } = reading;
    const quietIn = state.inDoubt ? Date.parse(run.at) + times.quiet - now() : 0;
    if (quietIn > 0) await store.runEndings.postpone([fact], quietIn);
    else tales.push({ fact, plan: (known) => planOfEnd(state, known) });
    if (state.superseded) superseded.push(run.executionId);
  }
  await tell([...tales, ...(await resetTales(superseded, reconciling))], reconciling);
  return unreadable;
}

const endOf = ({ executionId, runId }: ListedRun): RunFact => ({ executionId, runId, what: 'end' });
const keyOf = ({ executionId, runId }: { executionId: string; runId: string }): string => `${executionId}/${runId}`;
