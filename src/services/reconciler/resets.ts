import type { RunFact } from '../../ports/run-endings';
import { inChunks } from './in-chunks';
import type { Reconciling } from './options';
import { readStates } from './read-states';
import { planOfReset } from './records';
import { tell } from './tell';
import type { Tale } from './tell';

const CHUNK = 500;

/** Tells where open runs stand that began since a time by a reset, and that have told nothing themselves. */
export async function tellResets(since: Date, reconciling: Reconciling): Promise<void> {
  const { runs, store, signal } = reconciling;
  for await (const chunk of inChunks(runs.openSince(since), CHUNK)) {
    if (signal.aborted) return;
    const known = await store.executions.known(chunk.map(({ executionId }) => executionId));
    const silent = chunk.filter(({ executionId, runId }) => {
      const row = known.get(executionId);
      return row !== undefined && !row.changes.some(({ run }) => run === runId);
    });
    const ids = silent.map(({ executionId }) => executionId);
    await tell(await resetTales(ids, reconciling), reconciling);
  }
}

/** Claims, for those of the executions whose present run began by a reset, the telling of it. */
export async function resetTales(executionIds: readonly string[], reconciling: Reconciling): Promise<Tale[]> {
  const { executions, store, times } = reconciling;
  const items = [...new Set(executionIds)].map((executionId) => ({ executionId }));
  const readings = await readStates(items, ({ executionId }) => executions.get(executionId), reconciling);
  const states = readings.flatMap(({ reading }) =>
    reading.kind === 'state' && reading.state.reset ? reading.state : [],
  );
  const facts = new Map(
    states.map((state): [string, RunFact] => [
      state.runId,
      { executionId: state.input.executionId, runId: state.runId, what: 'reset' },
    ]),
  );
  const claimed = await store.runEndings.claim([...facts.values()], { leaseMs: times.lease });
  return claimed.flatMap((fact) => {
    const state = states.find(({ runId }) => runId === fact.runId);
    return state ? [{ fact, plan: (known) => planOfReset(state, known) } satisfies Tale] : [];
  });
}
