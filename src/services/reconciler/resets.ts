import type { RunFact } from '../../ports/run-endings';
import { inChunks } from './in-chunks';
import type { Reconciling } from './options';
import { readStates } from './read-states';
import { planOfReset } from './records';
import { claimTales, tell } from './tell';
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
  const { executions } = reconciling;
  const items = [...new Set(executionIds)].map((executionId) => ({ executionId }));
  const readings = await readStates(items, ({ executionId }) => executions.get(executionId), reconciling);
  const tales = readings.flatMap(({ item, reading }): Tale[] => {
    if (reading.kind !== 'state' || !reading.state.reset) return [];
    const { state } = reading;
    const fact: RunFact = { executionId: item.executionId, runId: state.runId, what: 'reset' };
    return [{ fact, plan: (known) => planOfReset(state, known) }];
  });
  return claimTales(tales, reconciling);
}
