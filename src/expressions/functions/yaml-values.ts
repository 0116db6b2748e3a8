import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Node } from 'yaml';
import { failed } from '../errors';
import { dateTime } from '../python/datetime';
import type { PyDateTime } from '../python/datetime';
import { float, int, PyDict } from '../python/values';
import type { Value } from '../python/values';

/**
 * A parsed document's value, with Python's integers, floats and moments. What has an alias is one value in several places, as in Python.
 * Throws YAMLError for an alias within what it stands for.
 */
export function fromYaml(document: Document.Parsed): Value {
  const made = new Map<Node, Value>();
  const underWay = new Set<Node>();
  const value = (node: Node | null): Value => {
    if (isAlias(node)) return value(node.resolve(document) ?? null);
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

const isAnchored = (node: Node): boolean => 'anchor' in node && node.anchor !== undefined;

function fromNode(node: Node, value: (node: Node | null) => Value): Value {
  if (isMap<Node, Node | null>(node))
    return new PyDict(node.items.map(({ key, value: item }) => [value(key), value(item)] as const));
  if (isSeq<Node | null>(node)) return node.items.map(value);
  return isScalar(node) ? scalarValue(node.value, node.source ?? '') : null;
}

function scalarValue(value: unknown, source: string): Value {
  // PyYAML's rules are narrower than YAML 1.1's here.
  if (typeof value === 'boolean' && /^[yn]$/i.test(source)) return source;
  if (typeof value === 'number' && /^[^.]*e|e\d/i.test(source)) return source;
  if (typeof value === 'bigint') return int(value);
  if (typeof value === 'number') return float(value);
  if (value instanceof Date) return momentOf(value, source);
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
