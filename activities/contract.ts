import type { AuditRecord } from '../src/model/audit';
import type { BackfillLook, BackfillSeen, BackfillStart, BackfillStarted } from '../src/model/backfill-steps';
import type { ExecutionInput, ExecutionOutcome } from '../src/model/execution';
import type { NewEvent } from '../src/model/event';
import type { JsonObject } from '../src/model/json';
import type { Decision, ShardSpec } from '../src/model/shard';
import type { LogRange } from '../src/model/log-range';

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
/** Names an action of a worker process by the activity of the same run that started it, and which Temporal gave up on. */
export interface AdoptActionInput {
  activityId: string;
}
/** What the process says: it still runs, or how it ended. */
export interface AskActionResult {
  ended?: RunActionResult;
}
/** Questions to one worker process. Both fail with ACTION_NOT_BEGUN, or with ACTION_ABANDONED when the action is not known or was stopped. */
export interface DeskActivities {
  'everstorm.ask'(input: AdoptActionInput): Promise<AskActionResult>;
  'everstorm.adopt'(input: AdoptActionInput): Promise<RunActionResult>;
}
export interface RunActionResult extends ExecutionOutcome {
  /** The `running` record, when it was not acknowledged by the time the action ended: the workflow publishes it then. */
  unpublished?: AuditRecord[];
}

/** What workflows hand to the announcer of the worker that runs them (workflow sinks: nobody waits for them). */
export interface AuditAnnouncements {
  /** More records of a run. */
  announce(records: AuditRecord[]): void;
  /** All records of a run, the last one being its end. */
  conclude(records: AuditRecord[]): void;
}

/** Local activities. */
export interface LocalActivities {
  /** Publishes audit records; resolves after Kafka acknowledged. Asked by executions whose input does not say `announced`. */
  publishAudit(records: AuditRecord[]): Promise<void>;
  /** Publishes an event (timers, action triggers). */
  publishEvent(event: NewEvent): Promise<{ instanceId: string }>;
  /** Next fire time strictly after `afterIso`; null when there is none any more. */
  nextFire(spec: NextFireSpec): Promise<string | null>;
}

/** What shards ask of the rule service, on the task queue of the rules roles. */
export interface ShardActivities {
  /** Starts what fired and records what was held back. Asked again it starts and records nothing twice. Which instance led to which execution (null: none). */
  'everstorm.enact'(input: EnactInput): Promise<EnactResult>;
  /** Resolves once the shards were told of all events that the log had when this was asked. */
  'everstorm.caught-up'(): Promise<void>;
  /** Resolves with those of these executions that do not run any more, once there is one, or with none after a while. */
  'everstorm.ended'(executionIds: string[]): Promise<string[]>;
}
export interface EnactInput {
  rule: ShardSpec['rule'];
  decisions: Decision[];
}
export type EnactResult = [instance: string, executionId: string | null][];

/** When does a timer fire next? Times are ISO 8601. */
export interface NextFireSpec {
  triggerType: string;
  parameters: JsonObject;
  afterIso: string;
  /** When the timer was started; intervals count from here, so that late fires do not shift later ones. */
  anchorIso: string;
}

/** What a backfill's workflow asks of the rules role. */
export interface BackfillActivities {
  /** Where the log's times lie; empty stretches are left out. */
  backfillRange(times: { from: string; to: string }): Promise<LogRange>;
  /** Holds a stretch of the log against a rule and counts; starts nothing. */
  backfillLook(look: BackfillLook): Promise<BackfillSeen>;
  /** Starts what a look found. Again for the same places it starts nothing twice. */
  backfillStart(start: BackfillStart): Promise<BackfillStarted>;
}
