import { Budget } from '../expressions/budget';
import { findByJsonPath } from '../expressions/functions/json-path';
import { parseJsonPath } from '../expressions/functions/json-path-parser';
import type { JsonPath } from '../expressions/functions/json-path-parser';
import type { Value } from '../expressions/python/values';
import { RecentlyUsed } from '../expressions/recently-used';
import { EverstormError, messageOf } from '../model/errors';
import type { JsonObject, JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';

/** One step of a criterion's key. */
export type Step =
  { kind: 'field'; name: string } | { kind: 'index'; index: number } | { kind: 'any-field' } | { kind: 'any-item' };
/** A key as steps, or, where it says more than steps can, as a whole JSON path. */
export type Path = readonly Step[] | { jsonPath: JsonPath };

const MAX_STEPS = 50;
const FIELD = /[a-zA-Z_@][a-zA-Z0-9_@-]*/y;
const QUOTED = /'([^']*)'|"([^"]*)"/y;
const INDEX = /\[\s*(?:(\d+)|(\*)|'([^']*)'|"([^"]*)"|(-?\d+)|([a-zA-Z_@][a-zA-Z0-9_@-]*))\s*\]/y;

/** Rules name few paths, many times over: equal ones are one object, as long as it is in use. */
const compiled = new RecentlyUsed<Path>({ entries: 2_000, textLength: 200 });
const names = new WeakMap<object, string>();

/** True when following the path may raise; plain steps lead somewhere or nowhere. */
export const mayBreak = (path: Path): boolean => 'jsonPath' in path;

/** Names a path: equal for paths that lead to the same. */
export function pathKey(path: Path): string {
  let name = names.get(path);
  if (name === undefined) names.set(path, (name = JSON.stringify(path)));
  return name;
}

/**
 * A criterion's key (`trigger.a.b`, `trigger.headers['X-Foo']`, `trigger.list[0].n`, `trigger.list[*].n`, anything jsonpath-rw takes). What
 * follows `#` only tells keys apart. Throws CRITERION_FAILED on other syntax.
 */
export function compilePath(key: string): Path {
  const source = (key.split('#')[0] as string).trim();
  return compiled.get(source, () => compileSteps(source) ?? compileJsonPath(source, key));
}

function compileJsonPath(source: string, key: string): Path {
  try {
    return { jsonPath: parseJsonPath(source) };
  } catch (error) {
    const message = `"${key}" is no path into a payload: ${messageOf(error)}`;
    throw new EverstormError('CRITERION_FAILED', message, { field: key }, { cause: error });
  }
}

/** The usual keys: names and indexes one after the other; null for anything else. */
function compileSteps(source: string): readonly Step[] | null {
  const steps: Step[] = [];
  let position = source.startsWith('$.') ? 2 : 0;
  for (let first = true; position < source.length; first = false) {
    const bracket = source[position] === '[';
    if (!first && !bracket && source[position] !== '.') return null;
    if (!first && !bracket) position += 1;
    const read = bracket ? readBracket(source, position) : readField(source, position);
    if (!read || steps.length >= MAX_STEPS) return null;
    steps.push(read.step);
    position = read.end;
  }
  return steps.length > 0 ? steps : null;
}

type Read = { step: Step; end: number } | null;

function readField(source: string, position: number): Read {
  if (source[position] === '*') return { step: { kind: 'any-field' }, end: position + 1 };
  QUOTED.lastIndex = position;
  const quoted = QUOTED.exec(source);
  if (quoted) return { step: { kind: 'field', name: quoted[1] ?? quoted[2] ?? '' }, end: QUOTED.lastIndex };
  FIELD.lastIndex = position;
  const field = FIELD.exec(source);
  return field ? { step: { kind: 'field', name: field[0] }, end: FIELD.lastIndex } : null;
}

function readBracket(source: string, position: number): Read {
  INDEX.lastIndex = position;
  const match = INDEX.exec(source);
  if (!match) return null;
  const [, index, any, single, double, negative, bare] = match;
  const name = single ?? double ?? bare;
  const end = INDEX.lastIndex;
  if (name !== undefined) return { step: { kind: 'field', name }, end };
  if (any !== undefined) return { step: { kind: 'any-item' }, end };
  return { step: { kind: 'index', index: Number(index ?? negative) }, end };
}

/** The first value a path leads to; null when it leads nowhere. Throws EXPRESSION_FAILED where jsonpath-rw raises. */
export function lookUp(path: Path, root: JsonObject): JsonValue {
  if ('jsonPath' in path) return (findByJsonPath(root as Value, path.jsonPath, new Budget())[0] ?? null) as JsonValue;
  let value: JsonValue = root;
  // Nearly all paths are names only.
  for (let at = 0; at < path.length; at += 1) {
    const step = path[at] as Step;
    if (step.kind !== 'field') return follow(path, at, value) ?? null;
    if (!isJsonObject(value) || !Object.hasOwn(value, step.name)) return null;
    value = value[step.name] as JsonValue;
  }
  return value;
}

function follow(path: readonly Step[], at: number, value: JsonValue): JsonValue | undefined {
  const step = path[at];
  if (step === undefined) return value;
  for (const next of reached(step, value)) {
    const found = follow(path, at + 1, next);
    if (found !== undefined) return found;
  }
  return undefined;
}

function reached(step: Step, value: JsonValue): JsonValue[] {
  switch (step.kind) {
    case 'field':
      return isJsonObject(value) && Object.hasOwn(value, step.name) ? [value[step.name] as JsonValue] : [];
    case 'index':
      return Array.isArray(value) ? within(value.at(step.index)) : [];
    case 'any-field':
      return isJsonObject(value) ? Object.values(value) : [];
    case 'any-item':
      return Array.isArray(value) ? value : [value];
  }
}

const within = (found: JsonValue | undefined): JsonValue[] => (found === undefined ? [] : [found]);
