import type { ExecutionContext, ExecutionInput, StatusChange } from '../model/execution';
import type { JsonValue } from '../model/json';
import type { ExecutionStatus } from '../model/statuses';

/**
 * Executions as Temporal keeps them: the truth about every run.
 * Guarantees: `start` with an id that Temporal remembers starts nothing (REJECT_DUPLICATE); it resolves after Temporal has the start on disk.
 * All methods throw UNAVAILABLE when Temporal can't be reached within the time-out.
 */
export interface Executions {
  start(input: ExecutionInput): Promise<StartOutcome>;
  /** Null when Temporal does not know the id (any more). */
  get(executionId: string): Promise<ExecutionState | null>;
  /** Asks the run to stop: its process group is killed within 3 s. False when it had already ended or is unknown. */
  cancel(executionId: string, user: string): Promise<boolean>;
  /** Every execution Temporal remembers, newest first; for rebuild. */
  all(): AsyncIterable<ExecutionState>;
}

export type StartOutcome =
  | { kind: 'started'; runId: string }
  /** `triggerInstanceId`: that of the run which has the id, undefined for a manual run. */
  | { kind: 'already-started'; triggerInstanceId?: string };

/** A run read from its history. */
export interface ExecutionState {
  input: ExecutionInput;
  runId: string;
  status: ExecutionStatus;
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string;
  result?: JsonValue;
  context: ExecutionContext;
  log: StatusChange[];
  runnerInfo?: { hostname: string; pid: number };
}

/** The platform's own long-lived workflows (sensors, timers): kept equal to what is wanted, by any number of callers at once. */
export interface Housekeeping {
  /** Starts what is missing, restarts what changed (by `version`), cancels what is not wanted. Idempotent. */
  reconcileSensors(wanted: readonly SensorAssignment[]): Promise<void>;
  reconcileTimers(wanted: readonly TimerAssignment[]): Promise<void>;
}

/** Input of a sensor workflow. */
export interface SensorAssignment {
  sensorRef: string;
  pack: string;
  className: string;
  /** Absolute path of the entry point file. */
  entryPath: string;
  pollIntervalSeconds?: number;
  triggerRefs: string[];
  /** Content hash: a change restarts the sensor. */
  version: string;
}

/** Input of a timer workflow. */
export interface TimerAssignment {
  /** Ref of the parametrised trigger to fire. */
  triggerRef: string;
  triggerType: string;
  parameters: { unit: string; delta: number };
  version: string;
}
