import type { JsonValue } from '../model/json';
import type { AnyCriterion, CompiledCriterion, CompiledGroup, CompiledRule } from './compile';
import { guardsOf } from './index-guards';
import type { Guard } from './index-guards';
import type { Path } from './payload-path';
import { pathKey } from './payload-path';

/** A scalar's value, the beginning of a text, or a threshold. */
export type Key = string | number;
/** What a rule's keys say of the value at a path: it is one of them, begins with one, or is above or below one. */
export type By = 'value' | 'prefix' | 'above' | 'below';

/** Keys at one path. */
export interface Place {
  by: By;
  path: Path;
  keys: readonly Key[];
}

/** A way to find a rule: it matches no event for which none of its places has a fitting key. */
export interface IndexOption {
  places: readonly Place[];
  /** Where one of these does not hold, a criterion before it may fail: then the rule has to be asked. */
  guards: readonly Guard[];
}

/** So many ways are weighed for one group, and each may have so many keys. */
const MOST_OPTIONS = 16;
const MOST_KEYS = 1_000;

const EQUALS = new Set(['eq', 'equals']);
const INSIDE = new Set(['in', 'inside']);
const ABOVE = new Set(['gt', 'greaterthan']);
const BELOW = new Set(['lt', 'lessthan']);

/** Equal scalars (as Python compares them: True is 1) have equal keys; other values have none. */
export function valueKey(value: JsonValue): Key | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) + 0 : null;
}

/** All ways to find a rule, in the order of its criteria; none when it has to be asked about every event. */
export const indexOptions = ({ criteria }: CompiledRule): IndexOption[] =>
  optionsOfRow(criteria).map(({ places, guards }) => ({ places, guards: distinct(guards) }));

/** Names the table that a place belongs to. */
export const tableName = ({ by, path }: Pick<Place, 'by' | 'path'>): string => `${by} ${pathKey(path)}`;
/** Names a set of guards: the same for equal ones. */
export const guardsName = (guards: readonly Guard[]): string => guards.map(guardName).join('|');

const guardName = ({ path, kind }: Guard): string => `${kind} ${pathKey(path)}`;
const distinct = (guards: readonly Guard[]): Guard[] => [
  ...new Map(guards.map((guard) => [guardName(guard), guard])).values(),
];

/** Criteria that all have to hold, asked one after the other until one does not. */
function optionsOfRow(criteria: readonly AnyCriterion[]): IndexOption[] {
  const options: IndexOption[] = [];
  const before: Guard[] = [];
  for (const criterion of criteria) {
    for (const { places, guards } of optionsOf(criterion)) options.push({ places, guards: [...before, ...guards] });
    const guards = guardsOf(criterion);
    if (!guards) break;
    before.push(...guards);
  }
  return options;
}

function optionsOf(criterion: AnyCriterion): IndexOption[] {
  if ('problem' in criterion) return [];
  if ('group' in criterion) return optionsOfGroup(criterion);
  const option = criterion.templated ? null : optionOfOne(criterion);
  return option ? [option] : [];
}

/** `all` is its members in a row; `any` can be told when each of its members can, one or the other way. */
function optionsOfGroup({ group, members }: CompiledGroup): IndexOption[] {
  if (group === 'not') return [];
  if (group === 'all') return optionsOfRow(members.flat());
  let combined: IndexOption[] = [{ places: [], guards: [] }];
  for (const member of members) {
    const own = optionsOfRow(member);
    combined = combined.flatMap((option) => own.map((other) => joined(option, other))).slice(0, MOST_OPTIONS);
  }
  return combined.filter(({ places }) => places.length > 0 && keyCount(places) <= MOST_KEYS);
}

const keyCount = (places: readonly Place[]): number => places.reduce((sum, { keys }) => sum + keys.length, 0);

/** Found by either; places at the same path become one. */
function joined(one: IndexOption, other: IndexOption): IndexOption {
  const places = new Map(one.places.map((place) => [tableName(place), place]));
  for (const place of other.places) {
    const same = places.get(tableName(place));
    places.set(tableName(place), same ? { ...place, keys: [...new Set([...same.keys, ...place.keys])] } : place);
  }
  return { places: [...places.values()], guards: [...one.guards, ...other.guards] };
}

function optionOfOne(criterion: CompiledCriterion): IndexOption | null {
  const place = placeOf(criterion);
  if (!place) return null;
  if (place.by === 'value') return { places: [place], guards: [] };
  // What is not the kind of value that the operator takes makes it fail.
  const guards = guardsOf(criterion);
  return guards && { places: [place], guards };
}

function placeOf(criterion: CompiledCriterion): Place | null {
  const { path, operatorName, pattern } = criterion;
  const keys = valuesOf(criterion);
  if (keys) return { by: 'value', path, keys };
  if (typeof pattern === 'number') {
    if (ABOVE.has(operatorName)) return { by: 'above', path, keys: [pattern] };
    return BELOW.has(operatorName) ? { by: 'below', path, keys: [pattern] } : null;
  }
  const prefix = prefixOf(criterion);
  return prefix ? { by: 'prefix', path, keys: [prefix] } : null;
}

function valuesOf({ operatorName, pattern }: CompiledCriterion): Key[] | null {
  const patterns = EQUALS.has(operatorName)
    ? [pattern]
    : INSIDE.has(operatorName) && Array.isArray(pattern)
      ? pattern
      : [];
  const keys = patterns.map(valueKey);
  return keys.length > 0 && keys.every((key) => key !== null) ? [...new Set(keys)] : null;
}

/** What every text that matches begins with; empty when that can't be told. */
function prefixOf({ operatorName, pattern }: CompiledCriterion): string {
  if (typeof pattern !== 'string') return '';
  if (operatorName === 'startswith') return pattern;
  if (operatorName === 'matchregex') return literalPrefix(pattern);
  return operatorName === 'regex' && pattern.startsWith('^') ? literalPrefix(pattern.slice(1)) : '';
}

/** The plain characters a pattern begins with; the last one not when it may be repeated or left out. */
function literalPrefix(pattern: string): string {
  if (pattern.includes('|')) return '';
  const [literal = ''] = /^[\w\s:;,/@=<>~"'`&%!#-]*/.exec(pattern) ?? [];
  return '*?{+'.includes(pattern.charAt(literal.length) || '.') ? literal.slice(0, -1) : literal;
}
