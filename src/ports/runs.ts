import type { ExecutionState } from './executions';

/** A run as Temporal's lists have it. */
export interface ListedRun {
  executionId: string;
  runId: string;
  /** ISO 8601: when it ended, or, of an open run, when it began. */
  at: string;
}

/**
 * Single runs of executions, for whoever reconciles what runs told with what became of them. Lists come from Temporal's visibility, which
 * is some time late. All throw UNAVAILABLE when Temporal can't be reached within the time-out.
 */
export interface Runs {
  /** Runs that ended since a time without having come to their own end: terminated or timed out. Latest first. */
  endedFromOutside(since: Date): AsyncIterable<ListedRun>;
  /** Open runs that began since a time. */
  openSince(since: Date): AsyncIterable<ListedRun>;
  /** How many runs began from a time on and before another. */
  countBegun(from: Date, to: Date): Promise<number>;
  /** These runs. */
  begun(from: Date, to: Date): AsyncIterable<ListedRun>;
  /** One run alone; null when Temporal does not know it (any more). */
  read(executionId: string, runId: string): Promise<ExecutionState | null>;
}
