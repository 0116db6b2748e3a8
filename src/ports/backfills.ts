import type { BackfillAsked, BackfillInput, BackfillProgress } from '../model/backfill';

export type BackfillStatus = 'running' | 'succeeded' | 'failed' | 'canceled';

/** A backfill as Temporal knows it. */
export interface BackfillState {
  /** Its workflow id. */
  id: string;
  asked: BackfillAsked;
  status: BackfillStatus;
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string;
  /** Where it stands; as of the end of its last phase when no worker answers, and in lists. Missing before that. */
  progress?: BackfillProgress;
  /** Why it failed. */
  reason?: string;
}

/** Backfills of rules: Temporal workflows. All methods throw UNAVAILABLE when Temporal can't be reached within the time-out. */
export interface Backfills {
  /** Starts one under this workflow id; false when Temporal remembers one of this id, which is left as it is. */
  start(id: string, input: BackfillInput): Promise<boolean>;
  /** Null when Temporal does not know it (any more). */
  get(id: string): Promise<BackfillState | null>;
  /** Newest first; of all rules when none is named. May lag a second or two behind. */
  list(query: { ruleRef?: string; limit: number }): Promise<BackfillState[]>;
  /** Asks it to end after the execution it is just starting. False when it has ended or is not known. */
  cancel(id: string, user: string): Promise<boolean>;
}
