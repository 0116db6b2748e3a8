import { SEQUENCE_OF_END } from '../model/audit';
import { logOf } from '../model/projected-changes';
import type { ProjectedChange } from '../model/projected-changes';
import type { ExecutionState } from '../ports/executions';
import type { RunEndings, ToldEnd } from '../ports/run-endings';

/**
 * The same executions with the ends that their runs told. A run may tell its end and be terminated before Temporal has it on record: then its
 * history says `terminated`, and the audit trail, which counts, says what became of it. Costs nothing but for runs that Temporal ended.
 */
export async function asTold(
  endings: Pick<RunEndings, 'told'>,
  states: readonly ExecutionState[],
): Promise<ExecutionState[]> {
  const asked = states.filter(({ changes }) => changes.some(endedFromOutside)).map(({ input }) => input.executionId);
  if (asked.length === 0) return [...states];
  const told = await endings.told(asked);
  return states.map((state) => (state.changes.some(({ run }) => told.has(run)) ? withEnds(state, told) : state));
}

const endedFromOutside = ({ sequence }: ProjectedChange): boolean => sequence === SEQUENCE_OF_END;

function withEnds(state: ExecutionState, told: ReadonlyMap<string, ToldEnd>): ExecutionState {
  const changes = state.changes.map((change) => {
    const end = endedFromOutside(change) ? told.get(change.run) : undefined;
    return end ? { ...change, sequence: end.sequence, status: end.status, at: end.at } : change;
  });
  const present = told.get(state.runId);
  const { result: _history, ...rest } = state;
  return {
    ...(present ? rest : state),
    ...(present && { status: present.status, endedAt: present.at }),
    ...(present?.result !== undefined && { result: present.result }),
    changes,
    log: logOf(changes),
  };
}
