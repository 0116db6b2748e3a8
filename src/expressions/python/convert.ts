import { overflowError, typeError, valueError } from '../errors';
import { decimalValue } from './chars';
import { asFloat } from './float-arithmetic';
import { trimmed } from './split';
import { repr } from './text';
import { float, int, isInt, isNumber, plain, PyFloat, toNumber, typeName } from './values';
import type { Value } from './values';

const MAX_DIGITS = 4300;
const FLOAT = /^[+-]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)([eE][+-]?\d+(_\d+)*)?$/;
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
]);

/** Python's `int(value)`, message included; StackStorm's API shows it. Throws ValueError, TypeError, OverflowError. */
export function toInt(given: Value): number | bigint {
  const value = plain(given);
  if (typeof value === 'boolean') return Number(value);
  if (isInt(value)) return int(value);
  if (typeof value === 'number' || value instanceof PyFloat) return truncated(toNumber(value));
  if (typeof value === 'string') return parseInteger(value, 10);
  throw typeError(`int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`);
}

/** The integer part of a float. */
export function truncated(value: number): number | bigint {
  if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw overflowError('cannot convert float infinity to integer');
  return int(BigInt(Math.trunc(value)));
}

const PREFIXES: ReadonlyMap<number, string> = new Map([
  [2, 'b'],
  [8, 'o'],
  [16, 'x'],
]);

/** Python's `int(text, base)`. Throws ValueError. */
export function parseInteger(text: string, base: number): number | bigint {
  const digits = asciiDigits(trimmed(text));
  const invalid = (): Error => valueError(`invalid literal for int() with base ${base}: ${repr(text)}`);
  if (base !== 0 && (base < 2 || base > 36)) throw valueError('int() base must be >= 2 and <= 36, or 0');
  const match = /^([+-]?)(.*)$/su.exec(digits) as RegExpExecArray;
  const { body, radix } = withoutPrefix(match[2] as string, base);
  const plainDigits = body.replaceAll('_', '');
  if (!/^[0-9a-z]+(_[0-9a-z]+)*$/i.test(body) || !fitsRadix(plainDigits, radix)) throw invalid();
  if (base === 0 && radix === 10 && /^0+[1-9]/.test(plainDigits)) throw invalid();
  if (plainDigits.length > MAX_DIGITS && (radix & (radix - 1)) !== 0) throw tooLong(plainDigits.length);
  const magnitude = magnitudeOf(plainDigits, radix);
  return match[1] === '-' ? int(-BigInt(magnitude)) : magnitude;
}

function tooLong(length: number): Error {
  return valueError(
    `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion: value has ${length} digits`,
  );
}

function withoutPrefix(body: string, base: number): { body: string; radix: number } {
  const letter = /^0([box])_?/i.exec(body);
  for (const [radix, prefix] of PREFIXES)
    if (letter?.[1]?.toLowerCase() === prefix && (base === radix || base === 0))
      return { body: body.slice(letter[0].length), radix };
  return { body, radix: base === 0 ? 10 : base };
}

const fitsRadix = (digits: string, radix: number): boolean =>
  Array.from(digits).every((digit) => parseInt(digit, 36) < radix);

function magnitudeOf(digits: string, radix: number): number | bigint {
  const quick = digits.length <= 10 ? parseInt(digits, radix) : NaN;
  if (Number.isSafeInteger(quick)) return quick;
  if (radix === 10) return int(BigInt(digits));
  const prefix = PREFIXES.get(radix);
  if (prefix) return int(BigInt(`0${prefix}${digits}`));
  const big = BigInt(radix);
  return int(Array.from(digits).reduce((sum, digit) => sum * big + BigInt(parseInt(digit, 36)), 0n));
}

/** Decimal digits of any script as ASCII ones. */
function asciiDigits(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return Array.from(text, (char) => {
    const digit = decimalValue(char);
    return digit < 0 ? char : String(digit);
  }).join('');
}

/** Python's `float(value)` as a JavaScript number. Throws ValueError, TypeError, OverflowError. */
export function toFloat(given: Value): number {
  const value = plain(given);
  if (isNumber(value)) return typeof value === 'bigint' ? asFloat(value) : toNumber(value);
  if (typeof value === 'string') return parseFloatText(value);
  throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
}

function parseFloatText(given: string): number {
  const text = asciiDigits(trimmed(given));
  const special = /^([+-]?)([a-z]+)$/i.exec(text);
  const known = special ? SPECIAL.get((special[2] as string).toLowerCase()) : undefined;
  if (known !== undefined) return special?.[1] === '-' ? -known : known;
  if (!FLOAT.test(text)) throw valueError(`could not convert string to float: ${repr(given)}`);
  return Number(text.replaceAll('_', ''));
}

/** Python's `float(value)` as a value. */
export const floatOf = (value: Value): number | PyFloat => float(toFloat(value));
