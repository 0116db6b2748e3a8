import type { ShardGuard } from '../model/shard';
import type { Candidate } from './condition';
import { heldBack, passing } from './passage';
import type { Passage } from './passage';

/** Trigger instance that has a place → its execution, null while that is being started. */
type Places = Map<string, string | null>;
/** Key, places, those that wait. */
type Row = [string, [string, string | null][], Candidate[]];

/** So many may wait for a key; what comes then is suppressed. */
const MOST_WAITING = 1_000;

/** Lets at most `limit` executions of a key run at once. */
export class Concurrency {
  private readonly keys = new Map<string, { places: Places; waiting: Candidate[] }>();

  constructor(
    private readonly spec: NonNullable<ShardGuard['concurrency']>,
    state?: unknown,
  ) {
    for (const [key, places, waiting] of (state ?? []) as Row[])
      this.keys.set(key, { places: new Map(places), waiting });
  }

  admit(candidate: Candidate): Passage {
    const known = this.keys.get(candidate.guardKey) ?? { places: new Map() as Places, waiting: [] as Candidate[] };
    this.keys.set(candidate.guardKey, known);
    if (known.places.size < this.spec.limit) {
      known.places.set(candidate.instance, null);
      return passing(candidate);
    }
    if (!this.spec.delay) return heldBack(candidate, `too many at once: ${this.spec.limit} running, the limit`);
    if (known.waiting.length >= MOST_WAITING)
      return heldBack(candidate, `too many at once: ${MOST_WAITING} wait already, the limit`);
    known.waiting.push(candidate);
    return { on: [], back: [] };
  }

  /** Those whose turn it is: they have a place now. */
  turns(): Candidate[] {
    const turns: Candidate[] = [];
    for (const { places, waiting } of this.keys.values()) {
      for (const next of waiting.splice(0, Math.max(0, this.spec.limit - places.size))) {
        places.set(next.instance, null);
        turns.push(next);
      }
    }
    return turns;
  }

  /** Whether someone's turn has come. */
  hasTurn(): boolean {
    return [...this.keys.values()].some(({ places, waiting }) => waiting.length > 0 && places.size < this.spec.limit);
  }

  /** What was started for an instance; null when nothing was, which gives its place back. */
  started(instance: string, executionId: string | null): void {
    for (const { places } of this.keys.values()) {
      if (!places.has(instance)) continue;
      if (executionId === null) places.delete(instance);
      else places.set(instance, executionId);
    }
  }

  /** Executions that have a place. */
  running(): string[] {
    return [...this.keys.values()].flatMap(({ places }) => [...places.values()].filter((id) => id !== null));
  }

  ended(executionIds: ReadonlySet<string>): void {
    for (const [key, { places, waiting }] of this.keys) {
      for (const [instance, id] of places) if (id !== null && executionIds.has(id)) places.delete(instance);
      if (places.size === 0 && waiting.length === 0) this.keys.delete(key);
    }
  }

  waiting(): Candidate[] {
    return [...this.keys.values()].flatMap(({ waiting }) => waiting);
  }

  state(): Row[] {
    return [...this.keys].map(([key, { places, waiting }]) => [key, [...places], waiting]);
  }

  about(key: string): { running: number; waiting: number } {
    const known = this.keys.get(key);
    return { running: known?.places.size ?? 0, waiting: known?.waiting.length ?? 0 };
  }
}
