import type { AuditRecord } from '../src/model/audit';
import type { ExecutionInput, ExecutionOutcome } from '../src/model/execution';
import type { NewEvent } from '../src/model/event';
import type { JsonObject } from '../src/model/json';

/** Types that workflows know of activities: no Node types, so that workflows compile without them. */

/** Input of the one regular activity of an execution; the activity type shown is the action's ref. */
export interface RunActionInput {
  executionId: string;
  input: ExecutionInput;
  /** Fully rendered and cast parameters, split as StackStorm splits them. */
  runnerParameters: JsonObject;
  actionParameters: JsonObject;
  /** Sequence number the activity uses for its own `running` audit record. */
  runningSequence: number;
  /**
   * The action has effects, so it is begun only after Temporal has its first heartbeat: a run that was lost without one did nothing.
   * Missing in executions older than this field.
   */
  confirmStart?: boolean;
}
/** Asks a worker process for an action that it runs, or ran, for an activity of the same run which Temporal gave up on. */
export interface AdoptActionInput {
  activityId: string;
}
export interface RunActionResult extends ExecutionOutcome {
  /** The `running` record, when it was not acknowledged by the time the action ended: the workflow publishes it then. */
  unpublished?: AuditRecord[];
}

/** Local activities. */
export interface LocalActivities {
  /** Publishes audit records; resolves after Kafka acknowledged. */
  publishAudit(records: AuditRecord[]): Promise<void>;
  /** Publishes an event (timers, action triggers). */
  publishEvent(event: NewEvent): Promise<{ instanceId: string }>;
  /** Next fire time strictly after `afterIso`; null when there is none any more. */
  nextFire(spec: NextFireSpec): Promise<string | null>;
}

/** When does a timer fire next? Times are ISO 8601. */
export interface NextFireSpec {
  triggerType: string;
  parameters: JsonObject;
  afterIso: string;
  /** When the timer was started; intervals count from here, so that late fires do not shift later ones. */
  anchorIso: string;
}
