import type { Budget } from '../budget';
import { failed, typeError } from '../errors';
import { PyRange } from '../python/range';
import { sliceItems } from '../python/subscript';
import { dictGet, dictKeys, dictSize, isDict, isInt, PyTuple, typeName } from '../python/values';
import type { Value } from '../python/values';
import { parseJsonPath } from './json-path-parser';
import type { JsonPath } from './json-path-parser';

/** A value and what it was found in. */
interface Datum {
  value: Value;
  within: Datum | null;
}

/**
 * `jsonpath_query`: the values a path leads to, null when it leads to none. The dialect is jsonpath-rw's: `$`, `.`, `..`, `*`, `[n]`, `[a:b]`,
 * `[*]`, `a,b`, `|`, `where`, `` `parent` ``, `` `this` ``. Throws EXPRESSION_SYNTAX.
 */
export function jsonPathQuery(value: Value, query: string, budget: Budget): Value {
  const found = findByJsonPath(value, parseJsonPath(query), budget);
  return found.length > 0 ? found : null;
}

/** The values that a parsed path leads to. */
export const findByJsonPath = (value: Value, path: JsonPath, budget: Budget): Value[] =>
  find(path, { value, within: null }, budget).map((datum) => datum.value);

// eslint-disable-next-line complexity -- one total switch over the kinds of path
function find(path: JsonPath, datum: Datum, budget: Budget): Datum[] {
  budget.step();
  const inside = (value: Value): Datum => ({ value, within: datum });
  switch (path.type) {
    case 'root':
      return [outermost(datum)];
    case 'this':
      return [datum];
    case 'parent':
      return datum.within ? [datum.within] : [];
    case 'fields':
      return fieldsOf(path.names, datum.value).map(inside);
    case 'index':
      return atIndex(datum.value, path.index).map(inside);
    case 'slice': {
      const items = itemsOf(datum.value) ?? (isSingle(datum.value) ? [datum.value] : withoutLength(datum.value));
      return sliceItems(items, path).map(inside);
    }
    case 'child':
      return find(path.left, datum, budget).flatMap((each) => find(path.right, each, budget));
    case 'descendants':
      return find(path.left, datum, budget).flatMap((each) => descend(path.right, each, budget));
    case 'where':
      return find(path.left, datum, budget).filter((each) => find(path.right, each, budget).length > 0);
    case 'union':
      return [...find(path.left, datum, budget), ...find(path.right, datum, budget)];
  }
}

const outermost = (datum: Datum): Datum => (datum.within ? outermost(datum.within) : datum);

/** What a slice takes for a list of one. */
const isSingle = (value: Value): boolean =>
  isDict(value) || typeof value === 'string' || isInt(value) || typeof value === 'boolean';

function withoutLength(value: Value): never {
  throw typeError(`object of type '${typeName(value)}' has no len()`);
}

function itemsOf(value: Value): readonly Value[] | null {
  if (value instanceof PyRange) return [...value.iterate()];
  return Array.isArray(value) ? value : value instanceof PyTuple ? value.items : null;
}

function fieldsOf(names: readonly string[], value: Value): Value[] {
  if (!isDict(value)) return [];
  const keys = names.includes('*') ? dictKeys(value) : names;
  return keys.flatMap((key) => {
    const found = dictGet(value, key);
    return found === undefined ? [] : [found];
  });
}

function atIndex(value: Value, index: number): Value[] {
  if (isDict(value)) {
    if (dictSize(value) > index) throw failed(String(index), 'KeyError');
    return [];
  }
  const items = typeof value === 'string' ? Array.from(value) : (itemsOf(value) ?? withoutLength(value));
  const found = items.at(index);
  return found === undefined ? [] : [found];
}

/** Matches of a path at this value and at all within it. */
function descend(path: JsonPath, datum: Datum, budget: Budget): Datum[] {
  return budget.nested(() => {
    const items = itemsOf(datum.value) ?? (isDict(datum.value) ? fieldsOf(['*'], datum.value) : []);
    const deeper = items.flatMap((value) => descend(path, { value, within: datum }, budget));
    return [...find(path, datum, budget), ...deeper];
  });
}
