import type { ConditionFacts, Firing, Tell } from '../model/shard';

/** An event that satisfied a condition, on its way to the guard. */
export interface Candidate {
  key: string;
  /** Key by which the guard counts. */
  guardKey: string;
  instance: string;
  facts?: ConditionFacts;
}

/**
 * What a time condition remembers of its events. Time is the events' own (late and out-of-order ones included); `now` is only for what is
 * over when nothing comes. Pure: the same calls give the same answers. Times in milliseconds.
 */
export interface Condition {
  /** An event; the candidates it completes. */
  accept(tell: Tell, now: number): Candidate[];
  /** Candidates of what did not happen until `by`. Only to be asked once all events that were in the log then have been accepted. */
  expire(by: number, now: number): Candidate[];
  /** From when on {@link expire} would give candidates; null while nothing is waited for. */
  nextAt(): number | null;
  /** Drops what can't matter any more. */
  forget(now: number): void;
  /** JSON to go on from. */
  state(): unknown;
  /** What is known of a key; null when nothing is. */
  about(key: string): { counted: number; last: number; due?: number } | null;
}

/** The decision that a candidate is when nothing holds it back. */
export const firing = ({ key, instance, facts }: Candidate): Firing => ({
  kind: 'fire',
  key,
  instance,
  ...(facts === undefined ? {} : { facts }),
});

export const factsOf = (
  type: ConditionFacts['type'],
  key: string,
  { count, since, until }: { count: number; since: number; until: number },
): ConditionFacts => ({
  type,
  key,
  count,
  since: new Date(since).toISOString(),
  until: new Date(until).toISOString(),
});

/** The least of some numbers; null when there is none. */
export function earliest(times: Iterable<number>): number | null {
  let least: number | null = null;
  for (const time of times) if (least === null || time < least) least = time;
  return least;
}
