import type { ShardCondition, Tell } from '../model/shard';
import { earliest, factsOf } from './condition';
import type { Candidate, Condition } from './condition';

type Spec = Extract<ShardCondition, { type: 'sequence' }>;
/** When, instance, guard's key. */
type Open = [number, string, string];
interface Known {
  touched: number;
  open: Open[];
  /** When answers came. */
  answers: number[];
}
type Row = [string, number, Open[], number[]];

/** An event that no answer of its key followed within the time. An answer that comes before the event it answers is kept for it. */
export class Sequence implements Condition {
  private readonly keys = new Map<string, Known>();

  constructor(
    private readonly spec: Spec,
    state?: unknown,
  ) {
    for (const [key, touched, open, answers] of (state ?? []) as Row[]) this.keys.set(key, { touched, open, answers });
  }

  accept({ k, g, a, i, r }: Tell, now: number): Candidate[] {
    const known = this.keys.get(k) ?? { touched: now, open: [], answers: [] };
    this.keys.set(k, known);
    known.touched = now;
    if (r !== undefined) this.answer(known, a);
    // An event that is an answer too does not answer itself.
    else if (!known.answers.some((answer) => answer !== a && this.answers(answer, a))) known.open.push([a, i, g ?? k]);
    return [];
  }

  private answer(known: Known, at: number): void {
    known.open = known.open.filter(([opened]) => !this.answers(at, opened));
    known.answers.push(at);
    const newest = Math.max(...known.answers);
    known.answers = known.answers.filter((answer) => answer >= newest - this.spec.within - this.spec.late);
  }

  private answers(answer: number, opened: number): boolean {
    return answer >= opened && answer <= opened + this.spec.within;
  }

  expire(by: number): Candidate[] {
    const candidates: Candidate[] = [];
    for (const [key, known] of this.keys) {
      const over = known.open.filter(([at]) => at + this.spec.within <= by).sort(([a], [b]) => a - b);
      if (over.length === 0) continue;
      known.open = known.open.filter((open) => !over.includes(open));
      for (const [at, instance, guardKey] of over) {
        const facts = factsOf('sequence', key, { count: 1, since: at, until: at });
        candidates.push({ key, guardKey, instance, facts });
      }
    }
    return candidates;
  }

  nextAt(): number | null {
    return earliest([...this.keys.values()].flatMap(({ open }) => open.map(([at]) => at + this.spec.within)));
  }

  forget(now: number): void {
    for (const [key, { touched, open }] of this.keys)
      if (open.length === 0 && touched < now - this.spec.within - this.spec.late) this.keys.delete(key);
  }

  state(): Row[] {
    return [...this.keys].map(([key, { touched, open, answers }]) => [key, touched, open, answers]);
  }

  about(key: string): { counted: number; last: number; due?: number } | null {
    const { open } = this.keys.get(key) ?? { open: [] };
    const times = open.map(([at]) => at);
    const first = earliest(times);
    return first === null ? null : { counted: open.length, last: Math.max(...times), due: first + this.spec.within };
  }
}
