import type { Budget } from '../budget';
import { failed, valueError } from '../errors';
import { formatValue } from './format-value';
import { subscript } from './subscript';
import { asciiRepr, repr, str } from './text';
import { dictGet, isDict } from './values';
import type { Value } from './values';
import { typeName } from './values';

export { formatValue } from './format-value';

/** Arguments of `str.format`; `named` may be any dict, as `format_map` has it. */
export interface FormatArguments {
  positional: readonly Value[];
  named: (name: string) => Value | undefined;
  budget: Budget;
}

/**
 * Python's `text.format(…)`: fields by position and name, items by `[key]`, conversions and nested specifications. Attributes reach nothing
 * (AttributeError). Throws ValueError, IndexError, KeyError, TypeError.
 */
export function strFormat(text: string, args: FormatArguments): string {
  const numbering: Numbering = { automatic: null, next: 0 };
  return expand(text, args, { numbering, depth: 2 });
}

/** The names that `str.format_map` takes from a mapping. */
export function namedFrom(mapping: Value): FormatArguments['named'] {
  return (name) => (isDict(mapping) ? dictGet(mapping, name) : subscript(mapping, name));
}

interface Numbering {
  automatic: boolean | null;
  next: number;
}
interface Level {
  numbering: Numbering;
  depth: number;
}

function expand(text: string, args: FormatArguments, level: Level): string {
  if (level.depth <= 0) throw valueError('Max string recursion exceeded');
  let out = '';
  for (let at = 0; at < text.length;) {
    const brace = nextBrace(text, at);
    out += text.slice(at, brace);
    if (brace >= text.length) break;
    const char = text[brace] as string;
    if (text[brace + 1] === char) {
      out += char;
      at = brace + 2;
      continue;
    }
    if (char === '}') throw valueError("Single '}' encountered in format string");
    const end = fieldEnd(text, brace);
    out += field(text.slice(brace + 1, end), args, level);
    at = end + 1;
  }
  args.budget.output(out.length);
  return out;
}

function nextBrace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '{' && text[at] !== '}') at += 1;
  return at;
}

/** The `}` that closes the field opened at `start`; braces nest, and stand for themselves between brackets. */
function fieldEnd(text: string, start: number): number {
  if (start + 1 >= text.length) throw valueError("Single '{' encountered in format string");
  let depth = 1;
  let bracket = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '[' && depth === 1) bracket = true;
    else if (char === ']') bracket = false;
    else if (bracket) continue;
    else if (char === '{') depth += 1;
    else if (char === '}' && (depth -= 1) === 0) return at;
  }
  throw valueError("expected '}' before end of string");
}

function field(source: string, args: FormatArguments, level: Level): string {
  const { name, conversion, spec } = splitField(source);
  const value = converted(lookUp(name, args, level.numbering), conversion);
  const expanded =
    spec.includes('{') || spec.includes('}') ? expand(spec, args, { ...level, depth: level.depth - 1 }) : spec;
  return formatValue(value, expanded, args.budget);
}

function splitField(source: string): { name: string; conversion: string | null; spec: string } {
  const at = nameEnd(source);
  const name = source.slice(0, at);
  if (source[at] !== '!') return { name, conversion: null, spec: source.slice(at + 1) };
  const conversion = source[at + 1];
  if (conversion === undefined) throw valueError('end of string while looking for conversion specifier');
  const after = source[at + 2];
  if (after !== undefined && after !== ':') throw valueError("expected ':' after conversion specifier");
  return { name, conversion, spec: source.slice(at + 3) };
}

/** Where a field's name ends: at `:` or `!` outside brackets. */
function nameEnd(source: string): number {
  let bracket = false;
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] as string;
    if (char === '[' || char === ']') bracket = char === '[';
    else if (bracket) continue;
    else if (char === '{') throw valueError("unexpected '{' in field name");
    else if (char === ':' || char === '!') return at;
  }
  return source.length;
}

function converted(value: Value, conversion: string | null): Value {
  switch (conversion) {
    case null:
      return value;
    case 's':
      return str(value);
    case 'r':
      return repr(value);
    case 'a':
      return asciiRepr(value);
    default:
      throw valueError(`Unknown conversion specifier '${conversion}'`);
  }
}

function lookUp(name: string, args: FormatArguments, numbering: Numbering): Value {
  const first = /^[^.[]*/.exec(name)?.[0] as string;
  let value = root(first, args, numbering);
  let rest = name.slice(first.length);
  while (rest !== '') {
    if (rest.startsWith('.')) {
      const attribute = /^\.([^.[]*)/.exec(rest)?.[1] as string;
      if (attribute === '') throw valueError('Empty attribute in format string');
      throw failed(`'${typeName(value)}' object has no attribute '${attribute}'`, 'AttributeError');
    }
    if (!rest.startsWith('[')) throw valueError("Only '.' or '[' may follow ']' in format field specifier");
    const end = rest.indexOf(']');
    if (end < 0) throw valueError("Missing ']' in format string");
    const key = rest.slice(1, end);
    if (key === '') throw valueError('Empty attribute in format string');
    value = subscript(value, /^\d+$/.test(key) ? Number(key) : key);
    rest = rest.slice(end + 1);
  }
  return value;
}

function root(name: string, args: FormatArguments, numbering: Numbering): Value {
  const numbered = /^\d+$/.test(name);
  if (name === '' || numbered) {
    const automatic = name === '';
    if (numbering.automatic !== null && numbering.automatic !== automatic) throw switched(automatic);
    numbering.automatic = automatic;
    const index = automatic ? numbering.next++ : Number(name);
    const value = args.positional[index];
    if (value === undefined) {
      throw failed(`Replacement index ${index} out of range for positional args tuple`, 'IndexError');
    }
    return value;
  }
  const value = args.named(name);
  if (value === undefined) throw failed(repr(name), 'KeyError');
  return value;
}

function switched(toAutomatic: boolean): Error {
  const [from, to] = toAutomatic
    ? ['manual field specification', 'automatic field numbering']
    : ['automatic field numbering', 'manual field specification'];
  return valueError(`cannot switch from ${from} to ${to}`);
}
