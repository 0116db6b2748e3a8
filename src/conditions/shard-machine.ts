import { partitionOf } from '../model/ids';
import type { Decision, ShardKeyState, ShardSpec, Tell } from '../model/shard';
import { Absence } from './absence';
import type { Candidate, Condition } from './condition';
import { earliest, firing } from './condition';
import { Guard } from './guard';
import { Sequence } from './sequence';
import { Threshold } from './threshold';

/** What a shard goes on from. JSON. */
export interface ShardState {
  /** Partition of the log → last offset told, as they stand in trigger instances' ids. */
  told: [string, string][];
  condition?: unknown;
  guard?: unknown;
}

/** What a shard keeps has to fit into the input of its next run (Temporal's limit: 2 MB). Characters of JSON. */
const MUCH_KEPT = 1_200_000;
const MOST_KEPT = 1_600_000;
const MEASURE_EVERY = 500;
const FULL = 'too many keys: the rule keeps as much in mind as it can; with more `shards` it keeps more';

/**
 * One shard of a rule that remembers: events come in, decisions come out. An event it was told of before, or one that the log has before such
 * a one, changes nothing, so the log may be read again from any point. Pure: same calls, same decisions.
 */
export class ShardMachine {
  private readonly told: Map<string, string>;
  private readonly condition: Condition | null;
  private readonly guard: Guard | null;
  private readonly growing: boolean;
  private kept = 0;
  private unmeasured = 0;

  constructor(spec: Pick<ShardSpec, 'condition' | 'guard'>, state?: ShardState) {
    this.told = new Map(state?.told ?? []);
    this.condition = conditionOf(spec, state?.condition);
    this.guard = spec.guard ? new Guard(spec.guard, state?.guard) : null;
    this.growing = spec.condition?.type !== 'absence';
  }

  /** Events in the order of the log (per partition). */
  tell(tells: readonly Tell[], now: number): Decision[] {
    return tells.flatMap((tell) => {
      if (!this.isNew(tell)) return [];
      if (++this.unmeasured >= MEASURE_EVERY) this.measure(now);
      if (this.isTooMuch(tell, now)) return [{ kind: 'suppress', key: tell.k, instance: tell.i, reason: FULL }];
      const candidates = this.condition?.accept(tell, now) ?? [
        { key: tell.k, guardKey: tell.g ?? tell.k, instance: tell.i },
      ];
      return this.admit(candidates, now);
    });
  }

  /** Whether something did not happen in time, as far as is known: {@link expire} tells after the log was asked. */
  isDue(now: number): boolean {
    const next = this.condition?.nextAt() ?? null;
    return next !== null && next <= now;
  }

  /** What did not happen until `by`. All events that the log had then must have been told. */
  expire(by: number, now: number): Decision[] {
    return this.admit(this.condition?.expire(by, now) ?? [], now);
  }

  /** What the guard lets go now. */
  due(now: number): Decision[] {
    return this.guard?.due(now) ?? [];
  }

  /** What was started for a fired instance; null: nothing. */
  started(instance: string, executionId: string | null): void {
    this.guard?.concurrency?.started(instance, executionId);
  }
  running(): string[] {
    return this.guard?.concurrency?.running() ?? [];
  }
  ended(executionIds: readonly string[]): void {
    this.guard?.concurrency?.ended(new Set(executionIds));
  }

  /** When the clock alone may change something; null: never. */
  nextAt(): number | null {
    const times = [this.condition?.nextAt(), this.guard?.nextAt()];
    return earliest(times.filter((time) => typeof time === 'number'));
  }

  /** What still waited is held back, for this reason: the shard ends. */
  abandon(reason: string): Decision[] {
    return this.guard?.abandon(reason) ?? [];
  }

  /** JSON to go on from, without what can't matter any more. */
  state(now: number): ShardState {
    this.condition?.forget(now);
    this.guard?.forget(now);
    return {
      told: [...this.told],
      ...(this.condition ? { condition: this.condition.state() } : {}),
      ...(this.guard ? { guard: this.guard.state() } : {}),
    };
  }

  about(key: string, now: number): ShardKeyState {
    const iso = (ms: number): string => new Date(ms).toISOString();
    const known = this.condition?.about(key);
    const { due: quietAt, ...guarded } = this.guard?.about(key, now) ?? {};
    const due = earliest([known?.due, quietAt].filter((time) => time !== undefined));
    return {
      key,
      ...(known ? { counted: known.counted, last: iso(known.last) } : {}),
      ...guarded,
      ...(due === null ? {} : { due: iso(due) }),
    };
  }

  private admit(candidates: readonly Candidate[], now: number): Decision[] {
    return this.guard ? this.guard.admit(candidates, now) : candidates.map(firing);
  }

  private measure(now: number): void {
    this.unmeasured = 0;
    this.kept = JSON.stringify(this.state(now)).length;
  }

  /** New keys are refused first; then whatever makes the memory grow, which another word of a known host does not. */
  private isTooMuch({ k, g, r }: Tell, now: number): boolean {
    if (this.kept <= MUCH_KEPT || r !== undefined) return false;
    const known = this.condition ? this.condition.about(k) !== null : (this.guard?.knows(g ?? k, now) ?? false);
    return !known || (this.kept > MOST_KEPT && this.growing);
  }

  private isNew({ i, r }: Tell): boolean {
    // One event may come as what it is, and as an answer.
    const log = partitionOf(i);
    const partition = r === undefined ? log : `${log} answers`;
    const offset = i.slice(log.length);
    if (offset <= (this.told.get(partition) ?? '')) return false;
    this.told.set(partition, offset);
    return true;
  }
}

function conditionOf({ condition }: Pick<ShardSpec, 'condition'>, state: unknown): Condition | null {
  switch (condition?.type) {
    case 'threshold':
      return new Threshold(condition, state);
    case 'absence':
      return new Absence(condition, state);
    case 'sequence':
      return new Sequence(condition, state);
    case undefined:
      return null;
  }
}
