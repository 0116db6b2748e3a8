import type { ShardGuard } from '../model/shard';
import { earliest } from './condition';
import type { Candidate } from './condition';
import type { Passage } from './passage';

/** Key, when its first event came, when it is due, its last event. */
type Row = [string, number, number, Candidate];

/** Lets the last event of a key pass once it stayed quiet for `wait`, at the latest `atMost` after the first one. */
export class Debounce {
  private readonly keys = new Map<string, { first: number; due: number; last: Candidate }>();

  constructor(
    private readonly spec: NonNullable<ShardGuard['debounce']>,
    state?: unknown,
  ) {
    for (const [key, first, due, last] of (state ?? []) as Row[]) this.keys.set(key, { first, due, last });
  }

  admit(candidate: Candidate, now: number): Passage {
    const known = this.keys.get(candidate.guardKey);
    const first = known?.first ?? now;
    const due = Math.min(now + this.spec.wait, first + (this.spec.atMost ?? Infinity));
    this.keys.set(candidate.guardKey, { first, due, last: candidate });
    const reason = `debounced: trigger instance ${candidate.instance} followed`;
    return { on: [], back: known ? [{ candidate: known.last, reason }] : [] };
  }

  due(now: number): Candidate[] {
    const over = [...this.keys].filter(([, { due }]) => due <= now);
    for (const [key] of over) this.keys.delete(key);
    return over.map(([, { last }]) => last);
  }

  nextAt(): number | null {
    return earliest([...this.keys.values()].map(({ due }) => due));
  }

  waiting(): Candidate[] {
    return [...this.keys.values()].map(({ last }) => last);
  }

  state(): Row[] {
    return [...this.keys].map(([key, { first, due, last }]) => [key, first, due, last]);
  }

  about(key: string): { due?: number } {
    const known = this.keys.get(key);
    return known ? { due: known.due } : {};
  }
}
