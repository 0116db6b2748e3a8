import type { LogEntry } from '../model/event';
import type { LogRange, LogSpan } from '../model/log-range';

/** Reads stretches of the log of events beside those who follow it: no consumer group is moved. All methods throw UNAVAILABLE within 10 s. */
export interface LogRanges {
  /**
   * What the log took in from one time (milliseconds since the epoch) until before another, by the timestamps of its records: per partition
   * from the first record that is not older than `fromMs` until before the first one that is not older than `toMs`. Nothing beyond the end of
   * the log as it is now; empty stretches are left out.
   */
  range(fromMs: number, toMs: number): Promise<LogRange>;
  /**
   * The next entries of a stretch, from its beginning: some, about 1 MiB at most; none only when the stretch holds no more.
   * `next` is the offset to go on with, `before` when that was all. Throws NOT_FOUND when the topic was made anew since.
   */
  readSpan(epoch: number, span: LogSpan): Promise<{ entries: LogEntry[]; next: number }>;
}
