import type { ExecutionContext } from './execution';
import type { JsonObject, JsonValue } from './json';
import type { Action } from './action';
import type { RunnerType } from './runner-type';
import type { ExecutionStatus } from './statuses';

/** CloudEvents type of audit records about executions. */
export const AUDIT_EVENT_TYPE = 'everstorm.execution.status';

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
  /** 0, 1, 2 … within the run; a record with a lower sequence than one already projected changes only the log. */
  sequence: number;
  status: ExecutionStatus;
  /** ISO 8601. */
  at: string;
  actionRef: string;
  context: ExecutionContext;
  triggerRef?: string;
  /** Present in the first record of a run (sequence 0). */
  definition?: { action: Action; runner: RunnerType; parameters: JsonObject; delayMs?: number };
  /** Present in final records. */
  result?: JsonValue;
  /** Present in `running`: where it runs. */
  runnerInfo?: { hostname: string; pid: number };
}
