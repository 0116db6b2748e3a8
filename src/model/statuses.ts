/** Execution statuses, StackStorm's. No other file compares a status with a literal. */
export const ExecutionStatus = {
  requested: 'requested',
  scheduled: 'scheduled',
  delayed: 'delayed',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  timeout: 'timeout',
  abandoned: 'abandoned',
  canceling: 'canceling',
  canceled: 'canceled',
  pending: 'pending',
  pausing: 'pausing',
  paused: 'paused',
  resuming: 'resuming',
} as const;
export type ExecutionStatus = (typeof ExecutionStatus)[keyof typeof ExecutionStatus];
export const EXECUTION_STATUSES = Object.values(ExecutionStatus);

const COMPLETED: ReadonlySet<ExecutionStatus> = new Set([
  'succeeded',
  'failed',
  'timeout',
  'abandoned',
  'canceled',
] as const);
const FAILED: ReadonlySet<ExecutionStatus> = new Set(['failed', 'timeout', 'abandoned'] as const);
const CANCELABLE: ReadonlySet<ExecutionStatus> = new Set([
  'requested',
  'scheduled',
  'delayed',
  'running',
  'pausing',
  'paused',
  'resuming',
] as const);

export const isExecutionStatus = (text: string): text is ExecutionStatus => Object.hasOwn(ExecutionStatus, text);
export const isCompleted = (status: ExecutionStatus): boolean => COMPLETED.has(status);
export const isFailed = (status: ExecutionStatus): boolean => FAILED.has(status);
export const isCancelable = (status: ExecutionStatus): boolean => CANCELABLE.has(status);

/** Life of a trigger instance, StackStorm's. */
export const TriggerInstanceStatus = {
  pending: 'pending',
  processing: 'processing',
  processed: 'processed',
  processing_failed: 'processing_failed',
} as const;
export type TriggerInstanceStatus = (typeof TriggerInstanceStatus)[keyof typeof TriggerInstanceStatus];

/** Outcome of a matched rule; `deduplicated` is Everstorm's: an execution for this source and event id existed already. */
export const EnforcementStatus = {
  succeeded: 'succeeded',
  failed: 'failed',
  deduplicated: 'deduplicated',
  /** The rule is in shadow mode: it would have started its action. */
  shadowed: 'shadowed',
  /** The rule's storm guard held the event back; the reason says which. */
  suppressed: 'suppressed',
} as const;
export type EnforcementStatus = (typeof EnforcementStatus)[keyof typeof EnforcementStatus];
