import type { JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import { compileRegex } from '../expressions/regex/regex';
import { DOTALL } from '../expressions/regex/syntax';
import type { CompiledCriterion, CompiledRule } from './compile';
import type { Path } from './payload-path';

/** A scalar's value, or the beginning of a text. */
export type Key = string | number;

/** What a value has to be for an operator not to fail on it. */
export type GuardKind = 'text' | 'number' | 'container';
export interface Guard {
  path: Path;
  kind: GuardKind;
}

/** A way to find a rule by one criterion: it matches no event whose value has none of these keys, or begins with none of them. */
export interface IndexOption {
  by: 'value' | 'prefix';
  path: Path;
  keys: readonly Key[];
  /** Where one of these does not hold, a criterion before it may fail: then the rule has to be asked. */
  guards: readonly Guard[];
}

/** Longer texts may exceed the bounds of a pattern, which is a failure to be told. */
const LONGEST_TEXT = 10_000;

const GUARDS: Readonly<Record<GuardKind, (value: JsonValue) => boolean>> = {
  text: (value) => typeof value === 'string' && value.length <= LONGEST_TEXT,
  number: (value) => typeof value === 'number' || typeof value === 'boolean',
  container: (value) => typeof value === 'string' || Array.isArray(value) || isJsonObject(value),
};
export const holds = (kind: GuardKind, value: JsonValue): boolean => GUARDS[kind](value);

const EQUALS = new Set(['eq', 'equals']);
const INSIDE = new Set(['in', 'inside']);
const OF_LISTS = new Set([...INSIDE, 'nin', 'ninside']);
const NEVER_FAILS = new Set([...EQUALS, 'neq', 'nequals', 'exists', 'nexists']);
const OF_TEXT = new Set([
  ...['icontains', 'incontains', 'startswith', 'istartswith', 'endswith', 'iendswith'],
  ...['regex', 'iregex', 'matchregex', 'matchwildcard'],
]);
const OF_ORDER = new Set(['lt', 'lessthan', 'gt', 'greaterthan']);
const PATTERNS = new Set(['regex', 'iregex', 'matchregex']);

/** Equal scalars (as Python compares them: True is 1) have equal keys; other values have none. */
export function valueKey(value: JsonValue): Key | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) + 0 : null;
}

/** All ways to find a rule, in the order of its criteria; none when it has to be asked about every event. */
export function indexOptions({ criteria }: CompiledRule): IndexOption[] {
  const options: IndexOption[] = [];
  const guards: Guard[] = [];
  for (const criterion of criteria) {
    if ('problem' in criterion || 'group' in criterion || criterion.templated) return options;
    const option = optionOf(criterion, guards);
    if (option) options.push(option);
    const guard = guardOf(criterion);
    if (guard === 'never') return options;
    if (guard !== 'any') guards.push({ path: criterion.path, kind: guard });
  }
  return options;
}

function optionOf(criterion: CompiledCriterion, guards: readonly Guard[]): IndexOption | null {
  const { path } = criterion;
  const keys = valuesOf(criterion);
  if (keys) return { by: 'value', path, keys, guards: [...guards] };
  const prefix = prefixOf(criterion);
  if (!prefix || guardOf(criterion) !== 'text') return null;
  return { by: 'prefix', path, keys: [prefix], guards: [...guards, { path, kind: 'text' }] };
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

/** What the value has to be for the criterion not to fail; `any`: whatever it is, `never`: that can't be told. */
function guardOf({ operatorName, pattern }: CompiledCriterion): GuardKind | 'any' | 'never' {
  if (NEVER_FAILS.has(operatorName)) return 'any';
  if (Array.isArray(pattern)) return OF_LISTS.has(operatorName) ? 'any' : 'never';
  if (typeof pattern === 'number') return OF_ORDER.has(operatorName) ? 'number' : 'never';
  return typeof pattern === 'string' ? guardOfText(operatorName, pattern) : 'never';
}

function guardOfText(operatorName: string, pattern: string): GuardKind | 'never' {
  if (operatorName === 'contains' || operatorName === 'ncontains') return 'container';
  if (!OF_TEXT.has(operatorName)) return 'never';
  return PATTERNS.has(operatorName) && !compiles(pattern) ? 'never' : 'text';
}

function compiles(pattern: string): boolean {
  try {
    compileRegex(pattern, DOTALL);
    return true;
  } catch {
    return false;
  }
}
