import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Document, Node, YAMLMap } from 'yaml';
import { failed } from '../errors';
import { dateTime } from '../python/datetime';
import type { PyDateTime } from '../python/datetime';
import { dictEntries, float, int, isDict, PyBytes, PyDict } from '../python/values';
import type { Value } from '../python/values';

/**
 * A parsed document's value, with Python's integers, floats and moments. What has an alias is one value in several places, as in Python.
 * Throws YAMLError for an alias within what it stands for.
 */
export function fromYaml(document: Document.Parsed): Value {
  const made = new Map<Node, Value>();
  const underWay = new Set<Node>();
  const value = (node: Node | null): Value => {
    if (isAlias(node)) return value(targetOf(node, document));
    if (node === null) return null;
    const known = made.get(node);
    if (known !== undefined) return known;
    if (underWay.has(node)) throw failed('an alias within what it stands for', 'YAMLError');
    underWay.add(node);
    const fresh = fromNode(node, value);
    underWay.delete(node);
    if (isAnchored(node)) made.set(node, fresh);
    return fresh;
  };
  return value(document.contents as Node | null);
}

function targetOf(alias: Alias, document: Document.Parsed): Node {
  const target = alias.resolve(document);
  if (target) return target;
  throw failed(`found undefined alias '${alias.source}'`, 'YAMLError');
}

const isAnchored = (node: Node): boolean => 'anchor' in node && node.anchor !== undefined;

function fromNode(node: Node, value: (node: Node | null) => Value): Value {
  if (isMap<Node, Node | null>(node)) return dictOf(node, value);
  if (isSeq<Node | null>(node)) return node.items.map(value);
  return isScalar(node) ? scalarValue(node.value, node.source ?? '') : null;
}

/** A mapping; what `<<` brings in stands behind what is written. */
function dictOf({ items }: YAMLMap<Node, Node | null>, value: (node: Node | null) => Value): PyDict {
  const isMerge = (key: Node): boolean => isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
  const own = new PyDict();
  for (const { key, value: item } of items)
    if (isMerge(key)) for (const [name, merged] of mergedEntries(value(item))) own.set(name, merged);
  for (const { key, value: item } of items) if (!isMerge(key)) own.set(value(key), value(item));
  return own;
}

/** Of several mappings the first goes before the others. */
function mergedEntries(value: Value): (readonly [Value, Value])[] {
  if (Array.isArray(value)) return [...value].reverse().flatMap(mergedEntries);
  if (isDict(value)) return dictEntries(value);
  throw failed('expected a mapping or list of mappings for merging', 'YAMLError');
}

function scalarValue(value: unknown, source: string): Value {
  // PyYAML's rules are narrower than YAML 1.1's here.
  if (typeof value === 'boolean' && /^[yn]$/i.test(source)) return source;
  if (typeof value === 'number' && /^[^.]*e|e\d/i.test(source)) return source;
  if (typeof value === 'bigint') return int(value);
  if (typeof value === 'number') return float(value);
  // A day alone is its text, which is what it is shown as anyway.
  if (value instanceof Date) return /[T: ]/i.test(source) ? momentOf(value, source) : source;
  if (value instanceof Uint8Array) return new PyBytes(value);
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

function momentOf(date: Date, source: string): PyDateTime {
  const zone = /(?:Z|[-+]\d\d?(?::?\d\d)?)$/i.test(source.slice(10)) ? 0 : null;
  return dateTime({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: date.getUTCMilliseconds() * 1000,
    offset: zone,
  });
}
