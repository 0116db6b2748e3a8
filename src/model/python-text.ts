import type { JsonValue } from './json';

/**
 * Python's texts of values. StackStorm's users see them in rendered templates, error messages and scripts' arguments.
 */

/** `repr` of a string: single quotes unless the text holds those and no double ones. */
export function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = '';
  for (const char of text) out += escaped(char, quote);
  return quote + out + quote;
}

/** `repr` of a number, also of those JSON does not know; JavaScript can't tell 1.0 from 1. */
function reprNumber(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString();
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** `repr`: None, True, 'text', [1, 2], {'a': 1}. */
export function pyRepr(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return reprNumber(value);
  if (typeof value === 'string') return reprString(value);
  if (Array.isArray(value)) return `[${value.map(pyRepr).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${reprString(key)}: ${pyRepr(item)}`);
  return `{${entries.join(', ')}}`;
}

/** `str`: a string as it is, everything else as `repr` has it. */
export const pyStr = (value: JsonValue): string => (typeof value === 'string' ? value : pyRepr(value));

function escaped(char: string, quote: string): string {
  if (char === '\\' || char === quote) return `\\${char}`;
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === '\t') return '\\t';
  const code = char.charCodeAt(0);
  return code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : char;
}
