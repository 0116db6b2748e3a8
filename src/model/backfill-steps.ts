import type { BackfillCounts, BackfillSample, BackfillStarts } from './backfill';
import type { LogSpan } from './log-range';
import type { Rule } from './rule';

/** Holds a stretch of the log against a rule. */
export interface BackfillLook {
  rule: Rule;
  epoch: number;
  span: LogSpan;
  /** Entries to look at, at most. */
  entries: number;
  /** Ends as soon as so many events that would start something (or be recorded as shadowed) were found; their places are in the answer. */
  find?: number;
}
export interface BackfillSeen {
  /** Offset to go on with. */
  next: number;
  counts: BackfillCounts;
  samples: BackfillSample[];
  /** Offsets, in order. */
  found: number[];
}

/** Starts what a look found. */
export interface BackfillStart {
  /** The workflow's id. */
  backfill: string;
  rule: Rule;
  epoch: number;
  partition: number;
  /** In order. */
  offsets: number[];
  /** Executions a second, at most. */
  rate: number;
}
export interface BackfillStarted {
  starts: BackfillStarts;
  /** Offsets that were not come to: the process was asked to end, or the backfill was cancelled. */
  left: number[];
}
