import { Budget } from '../budget';
import { beyondBound, overflowError, typeError, valueError } from '../errors';
import { asFloat } from './float-arithmetic';
import { exponential, fixed, general } from './decimal';
import { floatRepr } from './float-text';
import { parseSpec } from './format-spec';
import type { FormatSpec } from './format-spec';
import { textLength } from './iterate';
import { str } from './text';
import { isFloat, isNumber, plain, PyObject, toNumber, typeName } from './values';
import type { Value } from './values';

const MAX_PRECISION = 10_000;

/** Python's `format(value, spec)`. Throws ValueError, TypeError, and EXPRESSION_BOUND for a result that is too long. */
export function formatValue(given: Value, spec: string, budget = new Budget()): string {
  const value = plain(given);
  if (value instanceof PyObject && value.format) return value.format(spec, budget);
  if (spec === '') return str(value, budget);
  const type = typeName(value);
  if (typeof value !== 'string' && !isNumber(value))
    throw typeError(`unsupported format string passed to ${type}.__format__`);
  const parsed = parseSpec(spec, type);
  budget.output(parsed.width);
  if (typeof value === 'string') return formatText(value, parsed);
  if (isFloat(value)) return formatFloat(toNumber(value), parsed);
  return formatInt(typeof value === 'boolean' ? Number(value) : (value as number | bigint), parsed, type);
}

function unknownCode(spec: FormatSpec, type: string): Error {
  return valueError(`Unknown format code '${spec.type}' for object of type '${type}'`);
}

function formatText(text: string, spec: FormatSpec): string {
  if (spec.type !== '' && spec.type !== 's') throw unknownCode(spec, 'str');
  const refused = refusedForText(spec);
  if (refused) throw valueError(refused);
  const shown = spec.precision === null ? text : Array.from(text).slice(0, spec.precision).join('');
  return padded(shown, spec, spec.align || '<');
}

function refusedForText(spec: FormatSpec): string | null {
  if (spec.sign) return `${spec.sign === ' ' ? 'Space' : 'Sign'} not allowed in string format specifier`;
  if (spec.positiveZero) return 'Negative zero coercion (z) not allowed in string format specifier';
  if (spec.alternate) return 'Alternate form (#) not allowed in string format specifier';
  if (spec.grouping) return `Cannot specify '${spec.grouping}' with 's'.`;
  return spec.align === '=' ? "'=' alignment not allowed in string format specifier" : null;
}

function padded(text: string, { fill, width }: FormatSpec, align: string): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  if (align === '<') return text + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + text;
  const left = Math.floor(missing / 2);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

const BASES: ReadonlyMap<string, number> = new Map([
  ['b', 2],
  ['o', 8],
  ['x', 16],
  ['X', 16],
]);
const FLOAT_TYPES = 'eEfFgG%';

const isFloatType = (type: string): boolean => type !== '' && FLOAT_TYPES.includes(type);

function formatInt(value: number | bigint, spec: FormatSpec, type: string): string {
  if (isFloatType(spec.type)) return formatFloat(asFloat(value), spec);
  const base = BASES.get(spec.type) ?? 10;
  if (base === 10 && !'cdn'.includes(spec.type)) throw unknownCode(spec, type);
  checkInt(spec);
  if (spec.type === 'c') return padded(character(value), spec, spec.align.replace('=', '>') || '>');
  const magnitude = value < 0 ? -value : value;
  const digits = base === 10 ? str(magnitude) : magnitude.toString(base);
  const whole = spec.type === 'X' ? digits.toUpperCase() : digits;
  if (base === 10) return assembled({ negative: value < 0, prefix: '', whole, rest: '' }, spec, 3);
  const prefix = spec.alternate ? `0${spec.type}` : '';
  return assembled({ negative: value < 0, prefix, whole, rest: '' }, spec, 4);
}

function checkInt(spec: FormatSpec): void {
  if (spec.precision !== null) throw valueError('Precision not allowed in integer format specifier');
  if (spec.positiveZero) throw valueError('Negative zero coercion (z) not allowed in format specifier with integer');
  if (spec.type === 'c' && spec.sign) throw valueError("Sign not allowed with integer format specifier 'c'");
  if (spec.type === 'c' && spec.alternate)
    throw valueError("Alternate form (#) not allowed with integer format specifier 'c'");
  if (spec.grouping && (spec.type === 'c' || spec.type === 'n' || (spec.grouping === ',' && BASES.has(spec.type))))
    throw valueError(`Cannot specify '${spec.grouping}' with '${spec.type}'.`);
}

function character(value: number | bigint): string {
  if (value < 0 || value > 0x10ffff) throw overflowError('%c arg not in range(0x110000)');
  return String.fromCodePoint(Number(value));
}

function formatFloat(given: number, spec: FormatSpec): string {
  if (spec.type !== '' && !`${FLOAT_TYPES}n`.includes(spec.type)) throw unknownCode(spec, 'float');
  if (spec.grouping && spec.type === 'n') throw valueError(`Cannot specify '${spec.grouping}' with 'n'.`);
  if ((spec.precision ?? 0) > MAX_PRECISION) throw beyondBound(`a precision is above ${MAX_PRECISION}`);
  let text = floatDigits(given, spec);
  if (spec.positiveZero && /^-0?[.0]*(e[+-]\d+)?%?$/i.test(text)) text = text.slice(1);
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const whole = /^\d*/.exec(digits)?.[0] as string;
  return assembled({ negative, prefix: '', whole, rest: digits.slice(whole.length) }, spec, 3);
}

function floatDigits(value: number, spec: FormatSpec): string {
  const precision = spec.precision ?? 6;
  const { alternate } = spec;
  switch (spec.type.toLowerCase()) {
    case 'f':
      return inCase(pointed(fixed(value, precision), alternate), spec);
    case 'e':
      return inCase(pointed(exponential(value, precision), alternate), spec);
    case 'g':
    case 'n':
      return inCase(general(value, precision, { alternate }), spec);
    case '%':
      return `${pointed(fixed(value * 100, precision), alternate)}%`;
    default:
      if (spec.precision === null) return pointed(floatRepr(value), alternate);
      return general(value, precision, { alternate, dotted: true });
  }
}

/** The alternate form always has a point. */
function pointed(text: string, alternate: boolean): string {
  return alternate && !text.includes('.') && /\d/.test(text) ? text.replace(/(e|$)/, '.$1') : text;
}

const inCase = (text: string, { type }: FormatSpec): string => (/[EFG]/.test(type) ? text.toUpperCase() : text);

interface NumberParts {
  negative: boolean;
  prefix: string;
  whole: string;
  rest: string;
}

/** Sign, prefix, grouped digits and padding put together. */
function assembled(parts: NumberParts, spec: FormatSpec, group: number): string {
  const sign = parts.negative ? '-' : spec.sign === '-' ? '' : spec.sign;
  const head = sign + parts.prefix;
  const align = spec.align || (spec.zero ? '=' : '>');
  const room = spec.width - head.length - parts.rest.length;
  const zeros = align === '=' && spec.fill === '0';
  const whole = spec.grouping ? grouped(parts.whole, { spec, group, room: zeros ? room : 0 }) : parts.whole;
  if (align !== '=') return padded(head + whole + parts.rest, spec, align);
  return head + spec.fill.repeat(Math.max(0, room - whole.length)) + whole + parts.rest;
}

/** Digits with separators; zeros that fill the width are grouped too. */
function grouped(digits: string, how: { spec: FormatSpec; group: number; room: number }): string {
  const { spec, group, room } = how;
  let text = separated(digits, spec.grouping, group);
  for (let more = digits; text.length < room && /^[\da-f]/i.test(digits);) {
    more = `0${more}`;
    text = separated(more, spec.grouping, group);
  }
  return text;
}

function separated(digits: string, separator: string, group: number): string {
  const parts: string[] = [];
  for (let end = digits.length; end > 0; end -= group) parts.unshift(digits.slice(Math.max(0, end - group), end));
  return parts.join(separator);
}
