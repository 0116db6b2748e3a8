import type { Budget } from '../budget';
import { failed, overflowError, typeError, valueError } from '../errors';
import { toInt, truncated } from './convert';
import { formatValue } from './format-value';
import { textLength } from './iterate';
import { asciiRepr, repr, str } from './text';
import {
  dictGet,
  isDict,
  isFloat,
  isInt,
  isNumber,
  plain,
  PyBytes,
  PyObject,
  PyTuple,
  toNumber,
  typeName,
} from './values';
import type { Value } from './values';

interface Directive {
  key: string | null;
  flags: string;
  width: number;
  precision: number | null;
  type: string;
  /** Where the type stands. */
  index: number;
}

/** Python's `text % values`. Throws TypeError, ValueError, KeyError, OverflowError. */
export function percentFormat(text: string, values: Value, budget: Budget): string {
  const given = new Given(values);
  let out = '';
  for (let at = 0; at < text.length;) {
    const percent = text.indexOf('%', at);
    if (percent < 0) {
      out += text.slice(at);
      break;
    }
    out += text.slice(at, percent);
    if (text[percent + 1] === '%') {
      out += '%';
      at = percent + 2;
      continue;
    }
    const read = directive(text, percent + 1, given);
    budget.output(read.directive.width);
    out += formatted(read.directive, given, budget);
    at = read.end;
  }
  given.finish();
  budget.output(out.length);
  return out;
}

/** The values, taken one after the other or by key. */
class Given {
  private used = 0;
  private readonly items: readonly Value[];
  constructor(private readonly values: Value) {
    this.items = values instanceof PyTuple ? values.items : [values];
  }
  next(): Value {
    const value = this.items[this.used];
    if (value === undefined) throw typeError('not enough arguments for format string');
    this.used += 1;
    return plain(value);
  }
  named(key: string): Value {
    if (!isDict(this.values)) throw typeError('format requires a mapping');
    this.used = this.items.length;
    const value = dictGet(this.values, key);
    if (value === undefined) throw failed(repr(key), 'KeyError');
    return plain(value);
  }
  finish(): void {
    const { values } = this;
    if (this.used >= this.items.length) return;
    const mapping = isDict(values) || Array.isArray(values) || (values instanceof PyObject && isMappingLike(values));
    if (!mapping) throw typeError('not all arguments converted during string formatting');
  }
}

const isMappingLike = (value: PyObject): boolean => value instanceof PyBytes || value.typeName === 'range';

function directive(text: string, start: number, given: Given): { directive: Directive; end: number } {
  let at = start;
  const run = (among: string): string => {
    const from = at;
    while (at < text.length && among.includes(text[at] as string)) at += 1;
    return text.slice(from, at);
  };
  const count = (): number => {
    if (text[at] !== '*') return Number(run('0123456789'));
    at += 1;
    const value = given.next();
    if (!isInt(value)) throw typeError('* wants int');
    return Number(value);
  };
  let key: string | null = null;
  if (text[at] === '(') {
    const end = closing(text, at);
    key = text.slice(at + 1, end);
    at = end + 1;
  }
  const flags = run('-+ #0');
  const width = count();
  let precision: number | null = null;
  if (text[at] === '.') {
    at += 1;
    precision = Math.max(0, count());
    if (precision > 0x7fffffff) throw overflowError('Python int too large to convert to C int');
  }
  run('hlL');
  const type = text.slice(at, at + 1);
  if (type === '') throw valueError('incomplete format');
  return {
    directive: { key, flags: width < 0 ? `${flags}-` : flags, width: Math.abs(width), precision, type, index: at },
    end: at + 1,
  };
}

function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')' && (depth -= 1) === 0) return at;
  }
  throw valueError('incomplete format key');
}

function formatted(directive: Directive, given: Given, budget: Budget): string {
  const { type, key } = directive;
  const value = key === null ? given.next() : given.named(key);
  if (!'srcadiouxXeEfFgG'.includes(type)) {
    const code = (type.codePointAt(0) as number).toString(16);
    throw valueError(`unsupported format character '${type}' (0x${code}) at index ${directive.index}`);
  }
  if ('sra'.includes(type)) return aligned(clipped(textOf(type, value, budget), directive), directive);
  if (type === 'c') return aligned(character(value), directive);
  return numeric(directive, value, budget);
}

function textOf(type: string, value: Value, budget: Budget): string {
  if (type === 's') return str(value, budget);
  return type === 'r' ? repr(value, budget) : asciiRepr(value, budget);
}

const clipped = (text: string, { precision }: Directive): string =>
  precision === null ? text : Array.from(text).slice(0, precision).join('');

function aligned(text: string, { flags, width }: Directive): string {
  const space = ' '.repeat(Math.max(0, width - textLength(text)));
  return flags.includes('-') ? text + space : space + text;
}

function character(value: Value): string {
  if (typeof value === 'string' && textLength(value) === 1) return value;
  if (!isInt(value) && typeof value !== 'boolean') throw typeError('%c requires int or char');
  if (Number(value) < 0 || Number(value) > 0x10ffff) throw failed('%c arg not in range(0x110000)', 'OverflowError');
  return String.fromCodePoint(Number(value));
}

const FLOATS = 'eEfFgG';

function numeric(directive: Directive, value: Value, budget: Budget): string {
  const { type, flags } = directive;
  const number = FLOATS.includes(type) ? floatOf(value) : integerOf(type, value);
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const alternate = flags.includes('#') ? '#' : '';
  if (FLOATS.includes(type)) {
    const precision = directive.precision === null ? '' : `.${directive.precision}`;
    return padded(formatValue(number, `${sign}${alternate}${precision}${type}`, budget), directive);
  }
  const code = type === 'i' || type === 'u' ? 'd' : type;
  const text = formatValue(number, `${sign}${alternate}${code}`, budget);
  return padded(withDigits(text, directive.precision), directive);
}

/** `%.5d`: at least so many digits. */
function withDigits(text: string, precision: number | null): string {
  const head = /^[+ -]?(0[xXo])?/.exec(text)?.[0] as string;
  return head + text.slice(head.length).padStart(precision ?? 0, '0');
}

function padded(text: string, directive: Directive): string {
  const { flags, width } = directive;
  if (!flags.includes('0') || flags.includes('-')) return aligned(text, directive);
  const head = /^[+ -]?(0[xXo])?/.exec(text)?.[0] as string;
  return head + text.slice(head.length).padStart(width - head.length, '0');
}

function floatOf(value: Value): Value {
  if (!isNumber(value)) throw typeError(`must be real number, not ${typeName(value)}`);
  return isFloat(value) ? value : typeof value === 'bigint' ? value : toNumber(value);
}

function integerOf(type: string, value: Value): number | bigint {
  if (isFloat(value) && 'diu'.includes(type)) return truncated(toNumber(value));
  if (isInt(value) || typeof value === 'boolean') return toInt(value);
  const wanted = 'diu'.includes(type) ? 'a real number' : 'an integer';
  throw typeError(`%${type} format: ${wanted} is required, not ${typeName(value)}`);
}
