import { Budget } from '../budget';
import { valueError } from '../errors';
import { floatRepr } from './float-text';
import { dictEntries, isDict, PyBytes, PyFloat, PyObject, PySet, PyTuple } from './values';
import type { Dict, Value } from './values';

const MAX_DIGITS = 4300;

/** Python's `str(value)`: True, None, {'a': 1}. Throws UndefinedError for a missing value, EXPRESSION_BOUND for an endless one. */
export function str(value: Value, budget?: Budget): string {
  if (typeof value === 'string') return value;
  if (value instanceof PyObject && value.str) return value.str(budget ?? new Budget());
  return repr(value, budget);
}

/** Python's `repr(value)`. */
export function repr(value: Value, budget?: Budget): string {
  switch (typeof value) {
    case 'string':
      return reprString(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return Number.isInteger(value) ? intText(value) : floatRepr(value);
    case 'bigint':
      return intText(value);
    default:
      return value === null ? 'None' : reprObject(value, budget ?? new Budget());
  }
}

/** An integer's decimal digits. Throws ValueError beyond the 4300 digits Python converts. */
export function intText(value: number | bigint): string {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
  if (value > LARGEST || value < -LARGEST)
    throw valueError(`Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`);
  return value.toString();
}

const LARGEST = 10n ** BigInt(MAX_DIGITS) - 1n;

function reprObject(value: object & Value, budget: Budget): string {
  const list = (items: Iterable<Value>): string => Array.from(items, (item) => repr(item, budget)).join(', ');
  return budget.nested(() => {
    budget.step();
    if (Array.isArray(value)) return `[${list(value)}]`;
    if (isDict(value)) return reprDict(value, budget);
    if (value instanceof PyFloat) return floatRepr(value.value);
    if (value instanceof PyTuple) return `(${list(value.items)}${value.items.length === 1 ? ',' : ''})`;
    if (value instanceof PySet) return reprSet(value, list(value.items));
    if (value instanceof PyBytes) return reprBytes(value.bytes);
    return value.repr ? value.repr(budget) : `<${value.typeName} object>`;
  });
}

function reprDict(value: Dict, budget: Budget): string {
  const inside = dictEntries(value).map(([key, item]) => `${repr(key, budget)}: ${repr(item, budget)}`);
  return `{${inside.join(', ')}}`;
}

function reprSet(value: PySet, inside: string): string {
  if (inside === '') return `${value.typeName}()`;
  return value.frozen ? `frozenset({${inside}})` : `{${inside}}`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
]);
const PLAIN = /^[ !#-&(-[\]-~]*$/;
const UNPRINTABLE = /^[\p{C}\p{Z}]$/u;

/** True for a character that `repr` shows as it is. */
export const isPrintable = (char: string): boolean => char === ' ' || !UNPRINTABLE.test(char);

/** `repr` of text: single quotes unless it holds those and no double ones. */
export function reprString(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = '';
  for (const char of text) out += char === quote ? `\\${quote}` : (ESCAPES.get(char) ?? shown(char));
  return quote + out + quote;
}

function shown(char: string): string {
  return isPrintable(char) ? char : escapeCode(char.codePointAt(0) as number);
}

/** `\x0a`, `\u200b`, `\U000e0001`. */
export function escapeCode(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function reprBytes(bytes: Uint8Array): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  const out = Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte);
    if (char === quote) return `\\${quote}`;
    return ESCAPES.get(char) ?? (byte < 32 || byte > 126 ? escapeCode(byte) : char);
  });
  return `b${quote}${out.join('')}${quote}`;
}

/** Python's `ascii(value)`: its `repr` with everything beyond ASCII escaped. */
export function asciiRepr(value: Value, budget?: Budget): string {
  let out = '';
  for (const char of repr(value, budget)) {
    const code = char.codePointAt(0) as number;
    out += code > 126 ? escapeCode(code) : char;
  }
  return out;
}
