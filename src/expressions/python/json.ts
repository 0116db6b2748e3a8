import type { JsonValue } from '../../model/json';
import { Budget } from '../budget';
import { typeError } from '../errors';
import { floatRepr } from './float-text';
import { intText } from './text';
import {
  dictEntries,
  emptyDict,
  isDict,
  isInt,
  isNumber,
  plain,
  PyObject,
  PySet,
  PyTuple,
  setKey,
  toNumber,
  typeName,
} from './values';
import type { Dict, Value } from './values';
import { compare } from './compare';

export { loads } from './json-parser';

/** As Python's: `separators` are those between items and after a key. */
export interface DumpOptions {
  indent?: number | string | null;
  sortKeys?: boolean;
  ensureAscii?: boolean;
  separators?: readonly [string, string];
  budget?: Budget;
}

interface Writer {
  indent: string | null;
  sortKeys: boolean;
  ensureAscii: boolean;
  separators: readonly [string, string];
  budget: Budget;
}

/** Python's `json.dumps`. Throws TypeError for what JSON doesn't know, EXPRESSION_BOUND for too much of it. */
export function dumps(value: Value, options: DumpOptions = {}): string {
  const { indent = null, sortKeys = false, ensureAscii = true, budget = new Budget() } = options;
  return write(
    value,
    {
      indent: typeof indent === 'number' ? ' '.repeat(Math.max(0, indent)) : indent,
      separators: options.separators ?? (indent === null ? [', ', ': '] : [',', ': ']),
      ...{ sortKeys, ensureAscii, budget },
    },
    '\n',
  );
}

function write(value: Value, writer: Writer, margin: string): string {
  const simple = scalarText(value, writer.ensureAscii);
  if (simple !== undefined) return simple;
  return writer.budget.nested(() => {
    writer.budget.step();
    const inner = margin + (writer.indent ?? '');
    const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : undefined;
    if (items)
      return bracketed(
        '[]',
        items.map((item) => write(item, writer, inner)),
        { writer, margin, inner },
      );
    if (!isDict(value)) throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
    const parts = entriesOf(value, writer.sortKeys).map(
      ([key, item]) =>
        encodeString(keyText(key), writer.ensureAscii) + writer.separators[1] + write(item, writer, inner),
    );
    return bracketed('{}', parts, { writer, margin, inner });
  });
}

function entriesOf(dict: Dict, sorted: boolean): (readonly [Value, Value])[] {
  const entries = dictEntries(dict);
  return sorted ? [...entries].sort(([a], [b]) => compare(a, b)) : entries;
}

/** The text a key has in JSON. Throws TypeError for one that can't be a key there. */
function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null || isNumber(key)) return scalarText(key, true) as string;
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function bracketed(
  pair: string,
  parts: readonly string[],
  layout: { writer: Writer; margin: string; inner: string },
): string {
  const { writer, margin, inner } = layout;
  if (parts.length === 0) return pair;
  const [open, close] = writer.indent === null ? ['', ''] : [inner, margin];
  const between = writer.indent === null ? writer.separators[0] : writer.separators[0] + inner;
  const text = pair[0] + open + parts.join(between) + close + pair[1];
  writer.budget.output(text.length);
  return text;
}

function scalarText(value: Value, ensureAscii: boolean): string | undefined {
  if (typeof value === 'string') return encodeString(value, ensureAscii);
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (isInt(value)) return intText(value);
  if (isNumber(value)) return floatJson(toNumber(value));
  const seen = plain(value);
  return seen === value ? undefined : scalarText(seen, ensureAscii);
}

function floatJson(value: number): string {
  if (Number.isFinite(value)) return floatRepr(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** Text that needs no escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Text as a JSON literal, with quotes; beyond ASCII escaped unless told otherwise. */
export function encodeString(text: string, ensureAscii = true): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let out = '"';
  for (let index = 0; index < text.length; index += 1) out += encoded(text, index, ensureAscii);
  return `${out}"`;
}

const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\f': '\\f', '\b': '\\b' }),
);

function encoded(text: string, index: number, ensureAscii: boolean): string {
  const char = text[index] as string;
  const code = text.charCodeAt(index);
  if (code >= 32 && (code < 127 || (code > 126 && !ensureAscii)) && code !== 34 && code !== 92) return char;
  if (code === 127 && !ensureAscii) return char;
  return SHORT.get(char) ?? `\\u${code.toString(16).padStart(4, '0')}`;
}

/**
 * A value as it leaves the evaluator: plain JSON with null-prototype objects; tuples and sets become arrays, a float a number, a large
 * integer the nearest number. Throws TypeError for what JSON doesn't know, UndefinedError for a missing value.
 */
export function toJson(value: Value, budget = new Budget()): JsonValue {
  const scalar = plain(value);
  if (scalar === null || typeof scalar === 'string' || typeof scalar === 'boolean') return scalar;
  if (isNumber(scalar)) return toNumber(scalar);
  return budget.nested(() => {
    budget.step();
    const items = arrayItems(scalar);
    if (items) return items.map((item) => toJson(item, budget));
    if (!isDict(scalar)) throw typeError(`Object of type ${typeName(scalar)} is not JSON serializable`);
    const object = emptyDict();
    for (const [key, item] of dictEntries(scalar)) setKey(object, keyText(key), toJson(item, budget));
    return object;
  });
}

function arrayItems(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof PyTuple || value instanceof PySet) return value.items;
  if (!(value instanceof PyObject) || isDict(value) || !value.iterate || value.typeName === 'bytes') return undefined;
  return Array.from(value.iterate());
}
