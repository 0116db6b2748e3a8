import { SEQUENCE_OF_END, SEQUENCE_OF_LOSS, SEQUENCE_OF_RESET } from '../../model/audit';
import type { AuditRecord } from '../../model/audit';
import { auditRecordId } from '../../model/ids';
import type { ProjectedChange } from '../../model/projected-changes';
import { ExecutionStatus, isCompleted } from '../../model/statuses';
import type { ExecutionState } from '../../ports/executions';
import type { ToldEnd } from '../../ports/run-endings';
import type { KnownExecution } from '../../ports/store';
import { shownValues } from '../execution-view';

/** What has to be published of a run, and the end it told itself when Temporal says otherwise. Pure, as all of this file. */
export interface Plan {
  records: AuditRecord[];
  told?: ToldEnd;
}

/**
 * What a run's history tells and the audit trail does not, its end included when it has ended. Nothing when it told its end, or when that was
 * told for it before.
 */
export function planOfEnd(state: ExecutionState, known: KnownExecution | undefined): Plan {
  const inTrail = (known?.changes ?? []).filter(({ run }) => run === state.runId);
  const told = known && toldEnd(known, inTrail);
  const own = state.changes.filter(({ run }) => run === state.runId);
  if (told) return own.some(isFromOutside) ? { records: [], told } : { records: [] };
  const sequences = new Set(inTrail.map(({ sequence }) => sequence));
  return { records: own.filter(({ sequence }) => !sequences.has(sequence)).map((change) => recordOf(state, change)) };
}

/** For a run that began by a reset: where it stands, until it tells something itself. */
export function planOfReset(state: ExecutionState, known: KnownExecution | undefined): Plan {
  const { reset, runId: run } = state;
  const isTold = known?.changes.some((change) => change.run === run && change.sequence === SEQUENCE_OF_RESET);
  if (!reset || isTold) return { records: [] };
  const { status, at, of, reason } = reset;
  const record = recordOf(state, { run, sequence: SEQUENCE_OF_RESET, status, at });
  return { records: [{ ...record, reset: { of, reason } }] };
}

/** For an execution without an end that Temporal can tell nothing of. `at` is ISO 8601. */
export function planOfLoss(known: KnownExecution | undefined, why: { at: string; error: string }): Plan {
  if (!known || isCompleted(known.execution.status)) return { records: [] };
  const { execution, runId } = known;
  const triggerRef = execution.trigger?.['ref'];
  return {
    records: [
      {
        id: auditRecordId(execution.id, runId, SEQUENCE_OF_LOSS),
        executionId: execution.id,
        workflowId: execution.id,
        runId,
        sequence: SEQUENCE_OF_LOSS,
        status: ExecutionStatus.abandoned,
        at: why.at,
        actionRef: execution.action.ref,
        context: execution.context,
        ...(typeof triggerRef === 'string' && { triggerRef }),
        result: { error: why.error },
      },
    ],
  };
}

const isFromOutside = ({ sequence }: ProjectedChange): boolean => sequence === SEQUENCE_OF_END;

function toldEnd({ execution, changes }: KnownExecution, ofRun: readonly ProjectedChange[]): ToldEnd | undefined {
  const end = ofRun.find(({ status, sequence }) => isCompleted(status) && sequence < SEQUENCE_OF_LOSS);
  if (!end) return undefined;
  // The document shows the last change; of an earlier run's end it does not have the result.
  const isShown = changes.at(-1) === end;
  const { sequence, status, at } = end;
  return { sequence, status, at, ...(isShown && execution.result !== undefined && { result: execution.result }) };
}

/** Self-contained, so that it can be the first that anybody hears of the execution. */
function recordOf(state: ExecutionState, change: ProjectedChange): AuditRecord {
  const { run: runId, sequence, status, at, runnerInfo } = change;
  const { executionId, action, runner, triggerRef, delayMs } = state.input;
  const { parameters, result } = shownValues(state);
  const isSelfContained = sequence <= 0 || sequence === SEQUENCE_OF_END;
  return {
    id: auditRecordId(executionId, runId, sequence),
    executionId,
    workflowId: executionId,
    runId,
    sequence,
    status,
    at,
    actionRef: action.ref,
    context: state.context,
    ...(triggerRef && { triggerRef }),
    ...(isSelfContained && { definition: { action, runner, parameters, ...(delayMs !== undefined && { delayMs }) } }),
    ...(isCompleted(status) && result !== undefined && { result }),
    ...(runnerInfo && { runnerInfo }),
  };
}
