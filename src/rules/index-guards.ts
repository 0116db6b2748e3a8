import { compileRegex } from '../expressions/regex/regex';
import { DOTALL } from '../expressions/regex/syntax';
import { isJsonObject } from '../model/json';
import type { JsonValue } from '../model/json';
import type { AnyCriterion, CompiledCriterion } from './compile';
import { mayBreak } from './payload-path';
import type { Path } from './payload-path';

/** What a value has to be for an operator not to fail on it; `found`: whatever it is, if only the path can be followed. */
export type GuardKind = 'text' | 'number' | 'container' | 'found';
export interface Guard {
  path: Path;
  kind: GuardKind;
}

/** Longer texts may exceed the bounds of a pattern, which is a failure to be told. */
const LONGEST_TEXT = 10_000;

/** True when an operator that needs this kind of value can't fail on it. */
export function holds(kind: GuardKind, value: JsonValue): boolean {
  if (kind === 'found') return true;
  if (kind === 'number') return typeof value === 'number' || typeof value === 'boolean';
  if (typeof value === 'string') return kind === 'container' || value.length <= LONGEST_TEXT;
  return kind === 'container' && (Array.isArray(value) || isJsonObject(value));
}

const NEVER_FAILS = new Set(['eq', 'equals', 'neq', 'nequals', 'exists', 'nexists']);
const OF_LISTS = new Set(['in', 'inside', 'nin', 'ninside']);
const OF_TEXT = new Set([
  ...['icontains', 'incontains', 'startswith', 'istartswith', 'endswith', 'iendswith'],
  ...['regex', 'iregex', 'matchregex', 'matchwildcard'],
]);
const OF_ORDER = new Set(['lt', 'lessthan', 'gt', 'greaterthan']);
const PATTERNS = new Set(['regex', 'iregex', 'matchregex']);

/** What has to hold for a criterion (of a group: any of those within) not to fail; null when that can't be told. */
export function guardsOf(criterion: AnyCriterion): Guard[] | null {
  if ('problem' in criterion) return null;
  if (!('group' in criterion)) return guardsOfOne(criterion);
  const guards: Guard[] = [];
  for (const within of criterion.members.flat()) {
    const own = guardsOf(within);
    if (!own) return null;
    guards.push(...own);
  }
  return guards;
}

function guardsOfOne(criterion: CompiledCriterion): Guard[] | null {
  const { path, templated } = criterion;
  const kind = templated ? 'never' : guardOf(criterion);
  if (kind === 'never') return null;
  if (kind !== 'any') return [{ path, kind }];
  return mayBreak(path) ? [{ path, kind: 'found' }] : [];
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
