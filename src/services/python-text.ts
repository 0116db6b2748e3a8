import type { JsonValue } from '../model/json';

/** A string as Python's repr shows it: single quotes unless the text holds only those. */
function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

/** JSON as Python's repr shows it (`None`, `True`, `'text'`, `{'a': 1}`): StackStorm's error texts hold such. */
export function pyRepr(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return reprString(value);
  if (Array.isArray(value)) return `[${value.map(pyRepr).join(', ')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${reprString(key)}: ${pyRepr(item)}`)
      .join(', ')}}`;
  }
  return String(value);
}

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
