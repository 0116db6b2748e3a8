import type { ShardCondition, Tell } from '../model/shard';
import { earliest, factsOf } from './condition';
import type { Candidate, Condition } from './condition';

type Spec = Extract<ShardCondition, { type: 'absence' }>;
interface Known {
  at: number;
  instance: string;
  guardKey: string;
  /** When it fired: until it is heard of again it is silent, and older events say nothing new. */
  fired?: number;
}
type Row = [string, number, string, string, number?];

/** A shard is told of a key at most once in this part of `within`: what it knows may be so much older than the truth. */
export const TOLD_EVERY_PART = 4;

/** No event of a key for `within` after its last one. */
export class Absence implements Condition {
  private readonly keys = new Map<string, Known>();
  private readonly patience: number;

  constructor(
    private readonly spec: Spec,
    state?: unknown,
  ) {
    this.patience = spec.within + spec.within / TOLD_EVERY_PART;
    for (const [key, at, instance, guardKey, fired] of (state ?? []) as Row[])
      this.keys.set(key, { at, instance, guardKey, ...(fired === undefined ? {} : { fired }) });
  }

  accept({ k, g, a, i }: Tell): Candidate[] {
    const known = this.keys.get(k);
    if (!known || known.at < a) this.keys.set(k, { at: a, instance: i, guardKey: g ?? k });
    return [];
  }

  expire(by: number, now: number): Candidate[] {
    const candidates: Candidate[] = [];
    for (const [key, known] of this.keys) {
      if (known.fired !== undefined || known.at + this.patience > by) continue;
      known.fired = now;
      const facts = factsOf('absence', key, { count: 1, since: known.at, until: known.at });
      candidates.push({ key, guardKey: known.guardKey, instance: known.instance, facts });
    }
    return candidates;
  }

  nextAt(): number | null {
    const waiting = [...this.keys.values()].filter(({ fired }) => fired === undefined);
    return earliest(waiting.map(({ at }) => at + this.patience));
  }

  forget(now: number): void {
    for (const [key, { fired }] of this.keys)
      if (fired !== undefined && fired < now - this.spec.within) this.keys.delete(key);
  }

  state(): Row[] {
    return [...this.keys].map(([key, { at, instance, guardKey, fired }]) =>
      fired === undefined ? [key, at, instance, guardKey] : [key, at, instance, guardKey, fired],
    );
  }

  about(key: string): { counted: number; last: number; due?: number } | null {
    const known = this.keys.get(key);
    if (!known) return null;
    return { counted: 1, last: known.at, ...(known.fired === undefined ? { due: known.at + this.patience } : {}) };
  }
}
