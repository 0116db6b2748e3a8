import type { LoggedEvent } from '../model/event';
import type { JsonObject } from '../model/json';
import type { Rule } from '../model/rule';
import { compileRule } from './compile';
import type { CompiledRule } from './compile';
import { holds, indexOptions, valueKey } from './index-options';
import type { Guard, IndexOption, Key } from './index-options';
import { lookUp } from './payload-path';
import type { Path } from './payload-path';

/** All enabled rules, arranged so that an event's cost does not grow with the number of rules that one literal value or prefix rules out. */
export interface RuleIndex {
  /** Rules that may have something to say about the event, in the order they were given; every other rule of the trigger would not match. */
  candidates(event: Pick<LoggedEvent, 'trigger' | 'payload'>): CompiledRule[];
  readonly size: number;
}

/** Rules found by the value, or the beginning, at one path. */
interface Table {
  by: IndexOption['by'];
  path: Path;
  rules: Map<Key, CompiledRule[]>;
  /** Lengths of the prefixes, shortest first. */
  lengths: number[];
}

/** Rules whose options have the same guards. */
interface Group {
  guards: readonly Guard[];
  tables: Map<string, Table>;
  all: CompiledRule[];
}

interface TriggerRules {
  groups: Group[];
  /** Rules to be asked about every event. */
  rest: CompiledRule[];
}

/** Compiles and arranges rules. Disabled rules are left out. */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const compiled = rules.filter(({ enabled }) => enabled).map(compileRule);
  const place = new Map(compiled.map((rule, index) => [rule, index] as const));
  const triggers = new Map<string, TriggerRules>();
  for (const [trigger, own] of byTrigger(compiled)) triggers.set(trigger, arranged(own));
  return {
    size: compiled.length,
    candidates: ({ trigger, payload }) => {
      const known = triggers.get(trigger);
      if (!known) return [];
      const chosen = select(known, payload);
      return chosen.length < 2 ? chosen : chosen.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
    },
  };
}

function byTrigger(rules: readonly CompiledRule[]): Map<string, CompiledRule[]> {
  const found = new Map<string, CompiledRule[]>();
  for (const rule of rules) {
    const { ref } = rule.rule.trigger;
    const own = found.get(ref);
    if (own) own.push(rule);
    else found.set(ref, [rule]);
  }
  return found;
}

/** Each rule goes where fewest others are found by the same keys. */
function arranged(rules: readonly CompiledRule[]): TriggerRules {
  const options = rules.map((rule) => indexOptions(rule));
  const sharing = new Map<string, number>();
  for (const key of options.flat().flatMap(keysOf)) sharing.set(key, (sharing.get(key) ?? 0) + 1);
  const cost = (option: IndexOption): number => keysOf(option).reduce((sum, key) => sum + (sharing.get(key) ?? 0), 0);
  const groups = new Map<string, Group>();
  const rest: CompiledRule[] = [];
  for (const [index, rule] of rules.entries()) {
    const best = cheapest(options[index] ?? [], cost);
    if (best) add(groups, rule, best);
    else rest.push(rule);
  }
  for (const { tables } of groups.values()) for (const table of tables.values()) table.lengths.sort((a, b) => a - b);
  return { groups: [...groups.values()], rest };
}

const pathKey = (path: Path): string => JSON.stringify(path);
const keysOf = ({ by, path, keys }: IndexOption): string[] =>
  keys.map((key) => `${by} ${pathKey(path)} ${typeof key} ${key}`);

function cheapest(options: readonly IndexOption[], cost: (option: IndexOption) => number): IndexOption | undefined {
  let best: { option: IndexOption; cost: number } | undefined;
  for (const option of options) {
    const own = cost(option);
    if (!best || own < best.cost) best = { option, cost: own };
  }
  return best?.option;
}

function add(groups: Map<string, Group>, rule: CompiledRule, { by, path, keys, guards }: IndexOption): void {
  const groupKey = JSON.stringify(guards);
  const group: Group = groups.get(groupKey) ?? { guards, tables: new Map(), all: [] };
  groups.set(groupKey, group);
  group.all.push(rule);
  const tableKey = `${by} ${pathKey(path)}`;
  const table: Table = group.tables.get(tableKey) ?? { by, path, rules: new Map(), lengths: [] };
  group.tables.set(tableKey, table);
  for (const key of keys) {
    const own = table.rules.get(key);
    if (own) own.push(rule);
    else table.rules.set(key, [rule]);
    if (typeof key === 'string' && by === 'prefix' && !table.lengths.includes(key.length))
      table.lengths.push(key.length);
  }
}

function select({ groups, rest }: TriggerRules, payload: JsonObject): CompiledRule[] {
  const chosen = [...rest];
  const root = { trigger: payload, system: {} };
  for (const { guards, tables, all } of groups) {
    if (guards.every(({ path, kind }) => holdsAt(kind, path, root)))
      for (const table of tables.values()) chosen.push(...found(table, root));
    else chosen.push(...all);
  }
  return chosen;
}

/** A path that breaks on the payload is the rules' own to tell: they are all asked. */
function holdsAt(kind: Guard['kind'], path: Path, root: JsonObject): boolean {
  try {
    return holds(kind, lookUp(path, root));
  } catch {
    return false;
  }
}

function found({ by, path, rules, lengths }: Table, root: JsonObject): CompiledRule[] {
  let value;
  try {
    value = lookUp(path, root);
  } catch {
    return [...new Set([...rules.values()].flat())];
  }
  if (by === 'value') {
    const key = valueKey(value);
    return (key === null ? undefined : rules.get(key)) ?? [];
  }
  if (typeof value !== 'string') return [];
  const text = value;
  return lengths.flatMap((length) => (length <= text.length ? (rules.get(text.slice(0, length)) ?? []) : []));
}
