import { TOLD_EVERY_PART } from '../../conditions/absence';
import type { RememberingRule } from '../../rules/remember';

/** So many keys are kept in mind; with more, shards are told more often than they need. */
const MOST_KEYS = 500_000;

/**
 * Which keys an absence rule's shards were told of lately: they need to hear of a key once in a quarter of its time only. Forgetting costs a
 * needless word to a shard, nothing else.
 */
export class ToldLately {
  private readonly rules = new Map<string, Map<string, number>>();
  private size = 0;

  /** Whether a shard has to hear of an event at this time (milliseconds since the epoch); from then on it counts as told. */
  isNews(rule: RememberingRule, key: string, at: number): boolean {
    const { condition } = rule.spec;
    if (condition?.type !== 'absence') return true;
    const keys = this.rules.get(nameOf(rule)) ?? new Map<string, number>();
    const told = keys.get(key);
    if (told !== undefined && at < told + condition.within / TOLD_EVERY_PART) return false;
    if (this.size >= MOST_KEYS) this.clear();
    if (!keys.has(key)) this.size += 1;
    this.rules.set(nameOf(rule), keys.set(key, at));
    return true;
  }

  /** The shard was not told after all. */
  forget(rule: RememberingRule, key: string): void {
    if (this.rules.get(nameOf(rule))?.delete(key)) this.size -= 1;
  }

  /** Other rules than these have no shards any more. */
  keep(rules: Iterable<RememberingRule>): void {
    const kept = new Set([...rules].map(nameOf));
    for (const [name, keys] of this.rules) {
      if (kept.has(name)) continue;
      this.rules.delete(name);
      this.size -= keys.size;
    }
  }

  private clear(): void {
    this.rules.clear();
    this.size = 0;
  }
}

const nameOf = ({ spec }: RememberingRule): string => `${spec.rule.uid} ${spec.version}`;
