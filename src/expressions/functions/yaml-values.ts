import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Node } from 'yaml';
import { failed } from '../errors';
import { dateTime } from '../python/datetime';
import type { PyDateTime } from '../python/datetime';
import { float, int, PyDict } from '../python/values';
import type { Value } from '../python/values';

const MAX_NODES = 100_000;

/** A parsed document's value, with Python's integers, floats and moments. Throws YAMLError for aliases without end. */
export function fromYaml(document: Document.Parsed): Value {
  let left = MAX_NODES;
  const value = (node: unknown): Value => {
    left -= 1;
    if (left < 0) throw failed(`YAML has more than ${MAX_NODES} values`, 'YAMLError');
    if (isAlias(node)) return value(node.resolve(document));
    if (isMap(node)) return new PyDict(node.items.map(({ key, value: item }) => [value(key), value(item)] as const));
    if (isSeq(node)) return node.items.map(value);
    return isScalar(node) ? scalarValue(node.value, node.source ?? '') : null;
  };
  return value(document.contents as Node | null);
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
