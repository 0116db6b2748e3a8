import type { ExecutionContext } from './execution';
import type { JsonObject, JsonValue } from './json';
import type { Action } from './action';
import type { RunnerType } from './runner-type';
import type { ExecutionStatus } from './statuses';

/** CloudEvents type of audit records about executions. */
export const AUDIT_EVENT_TYPE = 'everstorm.execution.status';

/**
 * Sequences of records that somebody else (the audit role's reconciler) tells of a run, outside of those that the run itself counts.
 * Fixed, so that the same fact has the same id whoever tells it.
 */
export const SEQUENCE_OF_RESET = -1;
/** Temporal does not know the run any more. Weaker than an end that the run tells itself. */
export const SEQUENCE_OF_LOSS = 1_999_999_999;
/** Temporal ended the run from outside: terminated or timed out. */
export const SEQUENCE_OF_END = 2_000_000_000;

/**
 * One change of an execution's state. On `everstorm.audit` as a CloudEvent: id = `id`, subject = execution id,
 * partition key = execution id (so a run's records keep their order). Secret values are masked already.
 */
export interface AuditRecord {
  /** ids.auditRecordId. */
  id: string;
  executionId: string;
  workflowId: string;
  runId: string;
  /** 0, 1, 2 … within the run, or one of the fixed ones above; a record with a lower sequence than one already projected changes only the log. */
  sequence: number;
  status: ExecutionStatus;
  /** ISO 8601. */
  at: string;
  actionRef: string;
  context: ExecutionContext;
  triggerRef?: string;
  /** Present in the first record of a run (sequence 0), and in those that others tell of it. */
  definition?: { action: Action; runner: RunnerType; parameters: JsonObject; delayMs?: number };
  /** Present in final records. */
  result?: JsonValue;
  /** Present in `running`: where it runs. */
  runnerInfo?: { hostname: string; pid: number };
  /** Present in the record of a reset (SEQUENCE_OF_RESET): the run it goes on from, and why. */
  reset?: { of: string; reason: string };
}
