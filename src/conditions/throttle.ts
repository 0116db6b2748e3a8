import type { ShardGuard } from '../model/shard';
import type { Candidate } from './condition';
import { heldBack, passing } from './passage';
import type { Passage } from './passage';

/** Key, when its executions began. */
type Row = [string, number[]];

/** Lets at most `limit` events of a key pass within any `per`. */
export class Throttle {
  private readonly keys = new Map<string, number[]>();

  constructor(
    private readonly spec: NonNullable<ShardGuard['throttle']>,
    state?: unknown,
  ) {
    for (const [key, begun] of (state ?? []) as Row[]) this.keys.set(key, begun);
  }

  admit(candidate: Candidate, now: number): Passage {
    const { limit, per } = this.spec;
    const begun = this.within(candidate.guardKey, now);
    if (begun.length >= limit)
      return heldBack(candidate, `throttled: ${limit} began within ${per / 1_000} s, the limit`);
    this.keys.set(candidate.guardKey, [...begun, now]);
    return passing(candidate);
  }

  private within(key: string, now: number): number[] {
    return (this.keys.get(key) ?? []).filter((at) => at > now - this.spec.per);
  }

  forget(now: number): void {
    for (const key of this.keys.keys()) if (this.within(key, now).length === 0) this.keys.delete(key);
  }

  state(): Row[] {
    return [...this.keys];
  }

  about(key: string, now: number): { begun: number } {
    return { begun: this.within(key, now).length };
  }
}
