/** Places at which a test may stop or kill a process; nothing else hangs on them. */
export type DebugPoint =
  | 'after-consume'
  | 'after-start'
  | 'before-commit'
  /** An action runs. */
  | 'mid-activity'
  /** Audit records are about to be published. */
  | 'before-audit'
  /** Shards were told of events; their place in the log is not kept yet. */
  | 'after-shards-told'
  /** What a shard decided was started, and is not recorded yet. */
  | 'after-enact'
  /** A dead letter's event is in the log again, and the letter still open. */
  | 'after-redrive'
  | 'before-telling'
  | 'after-telling';

/** Called when a point is reached; the work goes on when it resolves. */
export type DebugHook = (point: DebugPoint) => Promise<void>;
