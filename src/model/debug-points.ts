/** Places at which a test may stop or kill a process; nothing else hangs on them. */
export type DebugPoint =
  | 'after-consume'
  | 'after-start'
  | 'before-commit'
  /** An action runs. */
  | 'mid-activity'
  /** Audit records are about to be published. */
  | 'before-audit'
  /** A dead letter's event is in the log again, and the letter still open. */
  | 'after-redrive'
  | 'before-telling'
  | 'after-telling';

/** Called when a point is reached; the work goes on when it resolves. */
export type DebugHook = (point: DebugPoint) => Promise<void>;
