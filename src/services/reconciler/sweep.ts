import { isCompleted } from '../../model/statuses';
import type { RunFact } from '../../ports/run-endings';
import type { KnownExecution } from '../../ports/store';
import type { Reconciling } from './options';
import { readStates } from './read-states';
import type { Reading } from './read-states';
import { planOfEnd, planOfLoss } from './records';
import { resetTales } from './resets';
import { claimTales, tell } from './tell';
import type { Tale } from './tell';

const FORGOTTEN = 'Temporal does not know the execution any more: what became of it is not known.';

/**
 * Asks Temporal about a few rows that have had no end and no change for long, so that none stays unfinished for ever: runs that visibility
 * did not show, records that were lost, executions that were deleted.
 */
export async function sweep(reconciling: Reconciling, unchangedForMs: number): Promise<void> {
  const { store, executions, times, now } = reconciling;
  const rows = await store.executions.unfinished({ unchangedForMs, limit: times.sweep });
  const items = rows.map((row) => ({ executionId: row.execution.id, row }));
  const readings = await readStates(items, ({ executionId }) => executions.get(executionId), reconciling);
  const at = new Date(now()).toISOString();
  const ended = readings.flatMap(({ item, reading }) => taleOf(item.row, reading, at) ?? []);
  // What was settled before and is unfinished all the same got lost on its way: it is told again, under the same id.
  const mine = await claimTales(ended, reconciling, { evenSettled: true });
  const silent = readings.flatMap(({ item, reading }) =>
    reading.kind === 'state' && reading.state.reset && reading.state.runId !== item.row.runId ? item.executionId : [],
  );
  await tell([...mine, ...(await resetTales(silent, reconciling))], reconciling);
}

function taleOf({ execution, runId }: KnownExecution, reading: Reading, at: string): Tale | null {
  const executionId = execution.id;
  if (reading.kind === 'forgotten') {
    const fact: RunFact = { executionId, runId, what: 'end' };
    return { fact, plan: (known) => planOfLoss(known, { at, error: FORGOTTEN }) };
  }
  if (reading.kind === 'unreadable' || !isCompleted(reading.state.status)) return null;
  const { state } = reading;
  return { fact: { executionId, runId: state.runId, what: 'end' }, plan: (known) => planOfEnd(state, known) };
}
