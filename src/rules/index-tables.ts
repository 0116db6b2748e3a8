import type { JsonValue } from '../model/json';
import type { CompiledRule } from './compile';
import type { By, Key } from './index-options';
import { valueKey } from './index-options';
import { LayeredMap } from './layered-map';
import type { Path } from './payload-path';

export interface Entry {
  key: Key;
  rule: CompiledRule;
}
/** What is taken out of a table, and then put into it. */
export interface Change {
  out: Entry[];
  into: Entry[];
}
/** One rule, as under most keys, or several. */
type Few = CompiledRule | readonly CompiledRule[];
export type Lists = LayeredMap<Key, Few>;

export const rulesAt = (lists: Lists | undefined, key: Key): readonly CompiledRule[] => all(lists?.get(key));
const all = (few: Few | undefined): readonly CompiledRule[] => (few === undefined ? [] : isList(few) ? few : [few]);
const isList = (few: Few): few is readonly CompiledRule[] => Array.isArray(few);

/** Rules found by one kind of key at one path. Immutable. */
export interface Table {
  by: By;
  path: Path;
  lists: Lists;
  /** `prefix`: the lengths of the keys, `above` and `below`: the keys, smallest first and each once. */
  steps: readonly number[];
}

export const NO_LISTS: Lists = LayeredMap.empty();

export function changedLists(lists: Lists, { out, into }: Change): Lists {
  const changes = new Map<Key, Few | undefined>();
  const now = (key: Key): Few | undefined => (changes.has(key) ? changes.get(key) : lists.get(key));
  /** Lists that were made here, and so may grow. */
  const own = new Set<Few>();
  for (const { key, rule } of out) {
    const rest = all(now(key)).filter((other) => other !== rule);
    changes.set(key, rest.length > 1 ? rest : rest[0]);
  }
  for (const { key, rule } of into) {
    const known = now(key);
    if (known !== undefined && own.has(known)) (known as CompiledRule[]).push(rule);
    else if (known === undefined) changes.set(key, rule);
    else {
      const list = [...all(known), rule];
      own.add(list);
      changes.set(key, list);
    }
  }
  return lists.changed(changes);
}

export const emptyTable = (by: By, path: Path): Table => ({ by, path, lists: NO_LISTS, steps: [] });

export function changedTable(table: Table, change: Change): Table {
  const lists = changedLists(table.lists, change);
  return { ...table, lists, steps: changedSteps(table, lists, change) };
}

function changedSteps(before: Table, lists: Lists, { out, into }: Change): readonly number[] {
  const { by, steps } = before;
  if (by === 'value') return steps;
  const came = into.map(({ key }) => key).filter((key) => !before.lists.get(key));
  const gone = new Set(out.map(({ key }) => key).filter((key) => !lists.get(key)));
  if (came.length === 0 && gone.size === 0) return steps;
  // Whether other keys have the length of one that went is seen only by looking at them all.
  if (by === 'prefix' && gone.size > 0) return sorted([...lists.entries()].map(([key]) => stepOf(key)));
  return sorted([...steps.filter((step) => !gone.has(step)), ...came.map(stepOf)]);
}

const stepOf = (key: Key): number => (typeof key === 'number' ? key : key.length);
const sorted = (steps: readonly number[]): number[] => [...new Set(steps)].sort((a, b) => a - b);

/** Adds the rules for which one of their keys fits the value. A rule may come several times. */
export function find({ by, lists, steps }: Table, value: JsonValue, found: CompiledRule[]): void {
  if (by === 'value') {
    const key = valueKey(value);
    if (key !== null) take(lists, key, found);
  } else if (by === 'prefix') {
    if (typeof value !== 'string') return;
    for (const length of steps) {
      if (length > value.length) return;
      take(lists, value.slice(0, length), found);
    }
  } else if (typeof value === 'number' || typeof value === 'boolean') {
    const [from, to] =
      by === 'above' ? [0, countBelow(steps, Number(value))] : [countUpTo(steps, Number(value)), steps.length];
    for (let at = from; at < to; at += 1) take(lists, steps[at] as number, found);
  }
}

function take(lists: Lists, key: Key, found: CompiledRule[]): void {
  const few = lists.get(key);
  if (few === undefined) return;
  if (isList(few)) for (const rule of few) found.push(rule);
  else found.push(few);
}

/** How many of the steps, which are sorted, are less than the value. */
const countBelow = (steps: readonly number[], value: number): number => position(steps, (step) => step < value);
/** How many are less or equal. */
const countUpTo = (steps: readonly number[], value: number): number => position(steps, (step) => step <= value);

function position(steps: readonly number[], before: (step: number) => boolean): number {
  let [from, to] = [0, steps.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (before(steps[middle] as number)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** All rules of a table; one may come several times. */
export function allOf({ lists }: Table, found: CompiledRule[]): void {
  for (const [, few] of lists.entries()) for (const rule of all(few)) found.push(rule);
}
