import { z } from 'zod';
import type { JsonObject } from './json';
import type { LogRange, LogSpan } from './log-range';
import type { Rule } from './rule';

/** Body of POST /rules/{ref}/backfills. Times are ISO 8601, of the log; `rate` is executions a second, also as text (`50/s`, `30/m`). */
export const BackfillRequest = z.strictObject({
  from: z.string(),
  to: z.string().nullish(),
  rate: z.union([z.number(), z.string()]).nullish(),
  dry_run: z.boolean().nullish(),
});
export type BackfillRequest = z.infer<typeof BackfillRequest>;

/** What was asked for, checked; also kept beside the workflow, where lists read it. */
export interface BackfillAsked {
  /** ISO 8601. */
  from: string;
  to: string;
  /** Executions a second, at most. */
  rate: number;
  dryRun: boolean;
  user: string;
  ruleRef: string;
}

/** Input of a backfill's workflow. The rule is the one of the moment it was asked for: later edits change nothing. */
export interface BackfillInput extends BackfillAsked {
  rule: Rule;
  limits: BackfillLimits;
}

/** How much is done at once; part of the input, so that a later release may choose others. */
export interface BackfillLimits {
  /** Entries of the log that one step looks at. */
  entries: number;
  /** Executions that one step starts. */
  starts: number;
  /** Steps after which the workflow goes on in a new run, which keeps its history short. */
  stepsPerRun: number;
}

/** Numbers of events; `matched` = `already_ran` + `would_start` + `shadowed` + those whose action can't be started (they are in `failed`). */
export interface BackfillCounts {
  /** Entries of the log that were looked at, whatever their trigger. */
  events: number;
  of_trigger: number;
  matched: number;
  /** The rule broke on the event, or its action could not be started with it. */
  failed: number;
  /** The rule's execution for this event exists already, or did. */
  already_ran: number;
  would_start: number;
  /** Matched by a rule in shadow mode. */
  shadowed: number;
}

/** What became of the events that would start something. */
export interface BackfillStarts {
  started: number;
  /** Another one was faster: the rule service, or another backfill. */
  already_ran: number;
  failed: number;
  /** Recorded as `shadowed`. */
  shadowed: number;
}

/** One event for people to judge by: what its execution would be given (secrets masked), or why there can be none. */
export interface BackfillSample {
  trigger_instance: string;
  occurrence_time: string;
  outcome: 'would_start' | 'already_ran' | 'failed' | 'shadowed';
  parameters?: JsonObject;
  reason?: string;
}

/** Where a backfill stands; what its workflow answers, carries on, and returns. */
export interface BackfillProgress {
  phase: 'locating' | 'counting' | 'starting' | 'done';
  /** Null until the range is known. */
  range: LogRange | null;
  /** What the present phase has not come to yet; empty when it is over. */
  left: LogSpan[];
  counts: BackfillCounts;
  starts: BackfillStarts;
  samples: BackfillSample[];
  cancelled_by?: string;
}

/** Samples that are kept. */
export const MAX_SAMPLES = 10;

export const noCounts = (): BackfillCounts => ({
  events: 0,
  of_trigger: 0,
  matched: 0,
  failed: 0,
  already_ran: 0,
  would_start: 0,
  shadowed: 0,
});
export const noStarts = (): BackfillStarts => ({ started: 0, already_ran: 0, failed: 0, shadowed: 0 });

/** The sum, number by number. */
export function added<T extends { [K in keyof T]: number }>(one: T, other: T): T {
  const sum = { ...one };
  for (const name of Object.keys(sum) as (keyof T)[]) sum[name] = (one[name] + other[name]) as T[keyof T];
  return sum;
}

/** The first samples found; of one outcome at most half of them, so that there is room for others. */
export function sampled(kept: readonly BackfillSample[], more: readonly BackfillSample[]): BackfillSample[] {
  const samples = [...kept];
  for (const sample of more) {
    const alike = samples.filter(({ outcome }) => outcome === sample.outcome).length;
    if (samples.length < MAX_SAMPLES && alike < MAX_SAMPLES / 2) samples.push(sample);
  }
  return samples;
}

/** Samples travel with their workflow, so they are short. Characters. */
const LONGEST_PARAMETERS = 2_000;
const LONGEST_REASON = 500;

/** The sample, without what is too long to be kept. */
export function shortened({ parameters, reason, ...sample }: BackfillSample): BackfillSample {
  const length = parameters === undefined ? 0 : JSON.stringify(parameters).length;
  if (length > LONGEST_PARAMETERS) return { ...sample, reason: `its parameters are not shown: ${length} characters` };
  return {
    ...sample,
    ...(parameters === undefined ? {} : { parameters }),
    ...(reason === undefined ? {} : { reason: reason.slice(0, LONGEST_REASON) }),
  };
}
