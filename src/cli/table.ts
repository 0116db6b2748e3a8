import type { JsonObject, JsonValue } from '../model/json';

export interface Column {
  title: string;
  /** Dotted path in a row. */
  path: string;
}

const WIDEST = 60;

const at = (row: JsonValue, path: string): JsonValue | undefined =>
  path.split('.').reduce<JsonValue | undefined>((value, key) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.hasOwn(value, key) ? value[key] : undefined;
  }, row);

/** One line of text without control characters: what a server sends must not steer the terminal. */
export function cell(value: JsonValue | undefined): string {
  const text = value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

const cut = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text);

/** Rows as a table with aligned columns, ending with a newline; long cells are cut. */
export function formatTable(rows: readonly JsonValue[], columns: readonly Column[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ path }) => cut(cell(at(row, path))))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] ?? '').length)));
  return cells
    .map(
      (line) =>
        `${line
          .map((text, index) => text.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** One document as `name: value` lines; objects and lists as indented JSON. */
export function formatDocument(document: JsonObject, fields: readonly string[]): string {
  const lines = fields.flatMap((path) => {
    const value = at(document, path);
    if (value === undefined || value === null || value === '') return [];
    if (typeof value !== 'object') return [`${path}: ${cell(value)}`];
    return [
      `${path}:`,
      ...JSON.stringify(value, null, 2)
        .split('\n')
        .map((line) => `  ${line}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}
