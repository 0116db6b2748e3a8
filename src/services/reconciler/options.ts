import type { ExecutionStatus } from '../../model/statuses';
import type { AuditLog } from '../../ports/audit-log';
import type { Executions } from '../../ports/executions';
import type { RunEndings } from '../../ports/run-endings';
import type { Runs } from '../../ports/runs';
import type { ExecutionRows, PlatformState } from '../../ports/store';
import type { DebugHook } from '../../model/debug-points';

/** Milliseconds, unless it says otherwise. */
export interface ReconcilerTimes {
  /** Between two looks at Temporal, on average. */
  every: number;
  /** How long a claim holds. Longer than publishing may take (10 s), so that who takes over finds the record in the log if it is there. */
  lease: number;
  /** How long after its end a run's own last record may still come: longer than a late one is published unasked (LATE_END_MS), and what the
   * producer has under way then. */
  quiet: number;
  /** How far behind the mark visibility is asked, for runs that it shows late. */
  overlap: number;
  /** How long the read model may take to catch up; else the next cycle tries again. */
  catchUp: number;
  /** How long an unfinished row may stay unchanged, or an execution unheard of, before Temporal is asked about it. */
  unchanged: number;
  /** Rows asked about in one cycle. A number. */
  sweep: number;
}
export const DEFAULT_TIMES: ReconcilerTimes = {
  every: 3_000,
  lease: 20_000,
  quiet: 25_000,
  overlap: 120_000,
  catchUp: 5_000,
  unchanged: 60_000,
  sweep: 20,
};

export interface ReconcilerOptions {
  runs: Runs;
  executions: Pick<Executions, 'get'>;
  audit: Pick<AuditLog, 'publish' | 'caughtUp'>;
  store: {
    executions: Pick<ExecutionRows, 'known' | 'unfinished' | 'countBegun'>;
    runEndings: RunEndings;
    platform: Pick<PlatformState, 'mark' | 'raiseMark'>;
  };
  /** Consumer group that projects audit records into the rows. */
  group: string;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Milliseconds since the epoch. */
  now: () => number;
  times?: Partial<ReconcilerTimes>;
  /** An end was told that the run did not tell. */
  onReconciled?: (status: ExecutionStatus) => void;
  debug?: DebugHook;
}

/** The options with all times filled in, and the signal that ends a cycle early. */
export interface Reconciling extends Omit<ReconcilerOptions, 'times'> {
  times: ReconcilerTimes;
  signal: AbortSignal;
}
