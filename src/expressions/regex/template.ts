import { isIdentifier } from '../python/chars';
import { reprString } from '../python/text';
import type { Match } from './match';
import type { Regex } from './regex';
import { Source } from './source';

type Part = string | number;

const OCTAL = '01234567';
const DIGITS = '0123456789';
const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
]);

/** Reads the replacement of Python's `re.sub`: `\1`, `\g<name>`, escapes. Throws `error` for a bad one. */
export function parseTemplate(template: string, regex: Regex): (match: Match) => string {
  if (!template.includes('\\')) return () => template;
  const source = new Source(template);
  const parts: Part[] = [];
  for (let char = source.get(); char !== undefined; char = source.get())
    parts.push(char === '\\' ? escape(source, regex) : char);
  return (match) => parts.map((part) => (typeof part === 'string' ? part : (match.group(part) ?? ''))).join('');
}

function escape(source: Source, regex: Regex): Part {
  const start = source.at - 1;
  const char = source.get();
  if (char === undefined) throw source.error('bad escape (end of pattern)', start);
  if (char === 'g') return namedGroup(source, regex);
  if (char === '0') return String.fromCharCode(parseInt(char + source.run(OCTAL, 2), 8) & 0xff);
  if (DIGITS.includes(char)) return numbered(source, char, { regex, start });
  const simple = SIMPLE.get(char);
  if (simple !== undefined) return simple;
  if (/^[A-Za-z]$/.test(char)) throw source.error(`bad escape \\${char}`, start);
  return `\\${char}`;
}

function numbered(source: Source, first: string, from: { regex: Regex; start: number }): Part {
  const second = source.run(DIGITS, 1);
  if (second !== '' && OCTAL.includes(first) && OCTAL.includes(second)) {
    const third = source.run(OCTAL, 1);
    if (third !== '') return octal(source, first + second + third, from.start);
  }
  return checked(source, Number(first + second), { regex: from.regex, at: from.start + 1 });
}

function octal(source: Source, digits: string, start: number): string {
  const code = parseInt(digits, 8);
  if (code > 0o377) throw source.error(`octal escape value \\${digits} outside of range 0-0o377`, start);
  return String.fromCharCode(code);
}

function namedGroup(source: Source, regex: Regex): number {
  if (!source.take('<')) throw source.error('missing <');
  const at = source.at;
  const name = source.until('>', 'group name');
  if (/^[0-9]+$/.test(name)) return checked(source, Number(name), { regex, at });
  const group = regex.names.get(name);
  if (group !== undefined) return group;
  if (isIdentifier(name)) {
    const unknown = source.error(`unknown group name ${reprString(name)}`, at);
    throw Object.assign(unknown, { facts: { ...unknown.facts, type: 'IndexError' } });
  }
  throw source.error(`bad character in group name ${reprString(name)}`, at);
}

function checked(source: Source, group: number, from: { regex: Regex; at: number }): number {
  if (group <= from.regex.groups) return group;
  throw source.error(`invalid group reference ${group}`, from.at);
}
