import type { JsonValue } from '../model/json';
import { pyRepr, reprString } from '../model/python-text';

const sorted = (value: JsonValue): JsonValue => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
};

function layOut(value: JsonValue, column: number, width: number): string {
  const flat = pyRepr(value);
  if (column + flat.length <= width || typeof value !== 'object' || value === null) return flat;
  const separator = `,\n${' '.repeat(column + 1)}`;
  if (Array.isArray(value)) return `[${value.map((item) => layOut(item, column + 1, width)).join(separator)}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${reprString(key)}: ${layOut(item, column + reprString(key).length + 3, width)}`)
    .join(separator)}}`;
}

/** JSON as Python's pprint lays it out: keys sorted, one entry a line when it is wider than `width` characters. */
export function pyFormat(value: JsonValue, width = 72): string {
  return layOut(sorted(value), 0, width);
}
