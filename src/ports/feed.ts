/**
 * Consuming a log in a consumer group, with the caller deciding when a record is done.
 *
 * Guarantees of an implementation:
 * - entries of one partition arrive in order; an entry not marked done is delivered again (to this or another member);
 * - `done(i)` marks entries 0..i of the batch; the offset is committed only after that;
 * - a handler that throws stops its partition, backs off (bounded, jittered) and gets the first entry not done again: nothing is dropped;
 * - heartbeats are sent while the handler works, also during back-off;
 * - a consumer that the library gave up on is rebuilt with back-off;
 * - `stop()` waits for the running handlers (bounded by `stopTimeoutMs`), commits what is done, and leaves the group.
 */
export interface Feed<T> {
  start(options: FeedOptions<T>): Promise<RunningFeed>;
}

export interface FeedOptions<T> {
  /** Consumer group; members share the partitions. */
  group: string;
  /** Where a group without offsets begins. */
  from: 'earliest' | 'latest';
  handler: (batch: Batch<T>) => Promise<void>;
  /** At most this many entries in a batch. Default 250. */
  maxBatch?: number;
  /** Collect for up to so long (ms) before delivering: few large batches cost less than many small ones. Default: deliver at once. */
  gatherMs?: number;
  /** Called on trouble and recovery, for health and logs. */
  onState?: (state: FeedState) => void;
}

export interface Batch<T> {
  readonly partition: number;
  readonly entries: readonly T[];
  /** Marks entries 0..index as done. Idempotent, monotonic. */
  done(index: number): void;
  /** Aborted when the partition was revoked or the feed is stopping: stop starting new work. */
  readonly signal: AbortSignal;
}

export type FeedState =
  { kind: 'running' } | { kind: 'retrying'; reason: string; attempt: number } | { kind: 'stopped' };

export interface RunningFeed {
  state(): FeedState;
  stop(): Promise<void>;
}
