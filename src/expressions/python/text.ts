import { failed } from '../errors';
import { isDict, KeyLookup, Undefined } from './values';
import type { Value } from './values';

/** Python's `str(value)`: True, None, {'a': 1}. Throws EXPRESSION_FAILED for a missing value. */
export function str(value: Value): string {
  return typeof value === 'string' ? value : repr(value);
}

/** Python's `repr(value)`. */
export function repr(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return quote(value);
  if (value instanceof Undefined) throw failed(value.reason);
  if (value instanceof KeyLookup) return value.text;
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  return `{${Object.keys(value)
    .map((key) => `${quote(key)}: ${repr(value[key] as Value)}`)
    .join(', ')}}`;
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString();
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = '';
  for (const char of text) out += escaped(char, mark);
  return mark + out + mark;
}

function escaped(char: string, mark: string): string {
  if (char === '\\' || char === mark) return `\\${char}`;
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === '\t') return '\\t';
  const code = char.charCodeAt(0);
  return code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : char;
}

/** Python's truth of a value. Throws EXPRESSION_FAILED for a missing one. */
export function truth(value: Value): boolean {
  if (value instanceof Undefined) throw failed(value.reason);
  if (value instanceof KeyLookup) return true;
  if (Array.isArray(value)) return value.length > 0;
  if (isDict(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
