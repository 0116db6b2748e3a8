/** Names shared by workflows and those who talk to them. Never change: running executions know them. */

export const EXECUTION_TASK_QUEUE = 'everstorm-executions';
export const SENSOR_TASK_QUEUE = 'everstorm-sensors';
/** Activities of the rules role: what workflows ask of the rule service. */
export const RULES_TASK_QUEUE = 'everstorm-rules';

/** Signal with which a cancel request names its user; the cancellation itself is Temporal's. */
export const CANCEL_SIGNAL = 'everstorm_cancel';
export interface CancelSignal {
  user: string;
}

/** Who cancelled when the cancellation came without naming anyone (Temporal's own UI or CLI). */
export const UNNAMED_USER = 'unknown';

/** Memo of a canceled run: its outcome (a canceled workflow can return none). */
export const OUTCOME_MEMO = 'outcome';

/** Workflow types of the platform itself; every other type is an action's ref. */
export const SENSOR_WORKFLOW_TYPE = 'everstorm.sensor';
export const TIMER_WORKFLOW_TYPE = 'everstorm.timer';
export const SHARD_WORKFLOW_TYPE = 'everstorm.shard';
export const BACKFILL_WORKFLOW_TYPE = 'everstorm.backfill';

/** Signal with which a shard is told of events: a list of Tell, in the order of the log. */
export const TELL_SIGNAL = 'everstorm_tell';
/** Query of what a shard knows of a key: its text → ShardKeyState. */
export const KEY_QUERY = 'everstorm_key';

/** Query that a backfill answers with its BackfillProgress, also after its end. */
export const PROGRESS_QUERY = 'progress';
/** Memos of a backfill: what was asked for (BackfillAsked), and how it stood at the end of its last phase (BackfillProgress). */
export const ASKED_MEMO = 'asked';
export const PROGRESS_MEMO = 'progress';

/** `ApplicationFailure.type` with which an execution's workflow fails; details[0] is its ExecutionOutcome. */
export const EXECUTION_FAILURE_TYPE = 'ACTION_FAILED';

/** The eight search attributes, all keywords (a namespace allows ten). */
export const SEARCH_ATTRIBUTES = [
  'ActionRef',
  'RuleRef',
  'TriggerRef',
  'TriggerInstanceId',
  'TraceTag',
  'ParentExecutionId',
  'ExecutionUser',
  'EverstormStatus',
] as const;

/** Activity type of a sensor; it runs on {@link SENSOR_TASK_QUEUE}, and its input is a SensorAssignment. */
export const SENSOR_ACTIVITY_TYPE = 'everstorm.sensor';

/** `ApplicationFailure.type` with which an action's activity ends when the action was stopped without anyone asking for it. */
export const ACTION_ABANDONED_TYPE = 'ACTION_ABANDONED';

/** `ApplicationFailure.type` with which an action's activity ends when the action was not begun, so that it can be run again whatever it is. */
export const ACTION_NOT_BEGUN_TYPE = 'ACTION_NOT_BEGUN';

/** Activity types with which a workflow asks a worker process, on its own queue, what became of an action, and has it attended to again. */
export const ASK_ACTIVITY_TYPE = 'everstorm.ask';
export const ADOPT_ACTIVITY_TYPE = 'everstorm.adopt';

/** Heartbeat details of a running action: where its worker process can be asked for it. */
export interface ActionHeartbeat {
  /** Task queue of that process alone. */
  workerQueue: string;
  /** When it was made, milliseconds since the epoch. */
  at: number;
}
