import type { CompiledRule } from './compile';
import { tableName } from './index-options';
import type { IndexOption, Key, Place } from './index-options';
import { changedLists, NO_LISTS, rulesAt } from './index-tables';
import type { Change, Lists } from './index-tables';

/** Who could be found by which key, by the name of the table, whether or not they are: it tells how much a key narrows down. */
export type Sharers = ReadonlyMap<string, Lists>;

export interface RuleWithOptions {
  rule: CompiledRule;
  options: readonly IndexOption[];
}

/** The sharers after rules went and came, and the rules that were there and for which a key's worth changed by that. */
export function sharersAfter(
  before: Sharers,
  out: readonly RuleWithOptions[],
  into: readonly RuleWithOptions[],
): { sharers: Sharers; unsettled: CompiledRule[] } {
  const changes = new Map<string, Change>();
  collect(changes, 'out', out);
  collect(changes, 'into', into);
  const sharers = new Map(before);
  const unsettled = new Set<CompiledRule>();
  for (const [table, change] of changes) {
    const known = before.get(table) ?? NO_LISTS;
    const lists = changedLists(known, change);
    if (lists.size === 0) sharers.delete(table);
    else sharers.set(table, lists);
    for (const key of known.size === 0 ? [] : new Set([...change.out, ...change.into].map((entry) => entry.key))) {
      const now = rulesAt(lists, key);
      if (magnitude(now.length) !== magnitude(rulesAt(known, key).length)) for (const rule of now) unsettled.add(rule);
    }
  }
  for (const { rule } of into) unsettled.delete(rule);
  return { sharers, unsettled: [...unsettled] };
}

function collect(changes: Map<string, Change>, side: keyof Change, rules: readonly RuleWithOptions[]): void {
  for (const { rule, options } of rules) {
    for (const place of options.flatMap(({ places }) => places)) {
      const table = tableName(place);
      const change = changes.get(table) ?? { out: [], into: [] };
      changes.set(table, change);
      for (const key of shareKeys(place)) change[side].push({ key, rule });
    }
  }
}

/** Thresholds at one path tell little apart: all rules there count as sharing. */
const shareKeys = ({ by, keys }: Place): readonly Key[] => (by === 'above' || by === 'below' ? [''] : keys);

/** The first of the ways whose keys fewest rules share, in powers of two, so that a rule seldom moves because of others; null without any. */
export function cheapest(options: readonly IndexOption[], sharers: Sharers): IndexOption | null {
  let best: { option: IndexOption; cost: number } | undefined;
  for (const option of options.length === 1 ? [] : options) {
    const cost = costOf(option, sharers);
    if (!best || cost < best.cost) best = { option, cost };
  }
  return best?.option ?? options[0] ?? null;
}

function costOf({ places }: IndexOption, sharers: Sharers): number {
  let cost = 0;
  for (const place of places) {
    const lists = sharers.get(tableName(place));
    for (const key of shareKeys(place)) cost += magnitude(rulesAt(lists, key).length);
  }
  return cost;
}

/** The power of two that is not above the count. */
const magnitude = (count: number): number => (count === 0 ? 0 : 2 ** (31 - Math.clz32(count)));
