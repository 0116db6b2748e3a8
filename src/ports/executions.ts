import type { ExecutionContext, ExecutionInput, StatusChange } from '../model/execution';
import type { JsonValue } from '../model/json';
import type { ProjectedChange } from '../model/projected-changes';
import type { ExecutionStatus } from '../model/statuses';
import type { SensorAssignment, TimerAssignment } from '../model/assignments';

export type { SensorAssignment, TimerAssignment } from '../model/assignments';

/**
 * Executions as Temporal keeps them: the truth about every run.
 * Guarantees: `start` with an id that Temporal remembers starts nothing (REJECT_DUPLICATE); it resolves after Temporal has the start on disk.
 * All methods throw UNAVAILABLE when Temporal can't be reached within the time-out.
 */
export interface Executions {
  /** Throws INVALID_PARAMETERS for what Temporal would never take (too large). */
  start(input: ExecutionInput): Promise<StartOutcome>;
  /** Null when Temporal does not know the id (any more). */
  get(executionId: string): Promise<ExecutionState | null>;
  /** Asks the run to stop: its process group is killed within 3 s. False when it had already ended or is unknown. */
  cancel(executionId: string, user: string): Promise<boolean>;
  /** Whether this run of an execution still goes on; false also when Temporal does not know it. */
  isOpen(executionId: string, runId: string): Promise<boolean>;
  /** Whether this run came to an end of its own, and was neither terminated nor timed out. */
  endedByItself(executionId: string, runId: string): Promise<boolean>;
  /** Those of these executions that do not run any more, or that Temporal does not know. */
  ended(executionIds: readonly string[]): Promise<string[]>;
  /** Every execution Temporal remembers, newest first; for rebuild. */
  all(): AsyncIterable<ExecutionState>;
}

export type StartOutcome =
  | { kind: 'started'; runId: string }
  /** `triggerInstanceId`: that of the run which has the id, undefined for a manual run. */
  | { kind: 'already-started'; triggerInstanceId?: string };

/** An execution read from Temporal: its present run, and what the runs before it (resets) told. */
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
  /** The changes behind the log, of all runs, numbered as their audit records are. */
  changes: ProjectedChange[];
  runnerInfo?: { hostname: string; pid: number };
  /** The run began by a reset: it goes on from another run, whose status then was this. */
  reset?: { at: string; of: string; reason: string; status: ExecutionStatus };
  /** A reset put another run in the place of this one, which has no end of its own. */
  superseded?: true;
  /** When Temporal ended the run, a worker may have been telling its end: the record may come late. */
  inDoubt?: true;
}

/** The platform's own long-lived workflows (sensors, timers): kept equal to what is wanted, by any number of callers at once. */
export interface Housekeeping {
  /** Starts what is missing, restarts what changed (by `version`), cancels what is not wanted. Idempotent. */
  reconcileSensors(wanted: readonly SensorAssignment[]): Promise<void>;
  reconcileTimers(wanted: readonly TimerAssignment[]): Promise<void>;
}
