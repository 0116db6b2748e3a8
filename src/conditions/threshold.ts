import type { ShardCondition, Tell } from '../model/shard';
import { factsOf } from './condition';
import type { Candidate, Condition } from './condition';

type Spec = Extract<ShardCondition, { type: 'threshold' }>;
/** When, instance, event, guard's key. */
type Entry = [number, string, string, string];
/** Key, arrival of its newest event, events in the order of their times. */
type Row = [string, number, Entry[]];

/**
 * `count` events of one key no further apart than `within`. Those that completed the number are used up. An event whose source and id are
 * counted already counts once.
 */
export class Threshold implements Condition {
  private readonly keys = new Map<string, { touched: number; entries: Entry[] }>();

  constructor(
    private readonly spec: Spec,
    state?: unknown,
  ) {
    for (const [key, touched, entries] of (state ?? []) as Row[]) this.keys.set(key, { touched, entries });
  }

  accept({ k, g, a, i, e }: Tell, now: number): Candidate[] {
    const known = this.keys.get(k) ?? { touched: now, entries: [] };
    this.keys.set(k, known);
    known.touched = now;
    if (known.entries.some(([, , event]) => event === e)) return [];
    const place = known.entries.findLastIndex(([at]) => at <= a) + 1;
    known.entries.splice(place, 0, [a, i, e, g ?? k]);
    const complete = this.completedBy(known.entries, place);
    if (!complete) {
      const newest = known.entries.at(-1)?.[0] ?? a;
      known.entries = known.entries.filter(([at]) => at >= newest - this.spec.within - this.spec.late);
      return [];
    }
    const used = new Set(complete);
    known.entries = known.entries.filter((entry) => !used.has(entry));
    const [since, until] = [complete[0] as Entry, complete.at(-1) as Entry];
    const facts = factsOf('threshold', k, { count: complete.length, since: since[0], until: until[0] });
    return [{ key: k, guardKey: g ?? k, instance: i, facts }];
  }

  /** The earliest events, one of them at `place`, that make the number within the time. */
  private completedBy(entries: readonly Entry[], place: number): Entry[] | null {
    const { count, within } = this.spec;
    for (let first = Math.max(0, place - count + 1); first <= place; first += 1) {
      const window = entries.slice(first, first + count);
      if (window.length < count) return null;
      if ((window[count - 1] as Entry)[0] - (window[0] as Entry)[0] <= within) return window;
    }
    return null;
  }

  expire(): Candidate[] {
    return [];
  }
  nextAt(): null {
    return null;
  }

  forget(now: number): void {
    for (const [key, { touched, entries }] of this.keys)
      if (entries.length === 0 || touched < now - this.spec.within - this.spec.late) this.keys.delete(key);
  }

  state(): Row[] {
    return [...this.keys].map(([key, { touched, entries }]) => [key, touched, entries]);
  }

  about(key: string): { counted: number; last: number } | null {
    const entries = this.keys.get(key)?.entries ?? [];
    const last = entries.at(-1);
    return last ? { counted: entries.length, last: last[0] } : null;
  }
}
