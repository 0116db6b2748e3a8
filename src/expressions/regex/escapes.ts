import type { Category } from './categories';
import type { Source } from './source';

const OCTAL = '01234567';
const DIGITS = '0123456789';
const HEX = '0123456789abcdefABCDEF';
const SIMPLE: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 92],
]);
const HEX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** What follows a backslash, outside and inside a set. */
export type Escape =
  | { type: 'code'; code: number }
  | { type: 'category'; category: Category }
  | { type: 'position'; letter: string }
  | { type: 'reference'; group: number; start: number };

const POSITIONS = 'AbBZ';
const CATEGORIES = 'dDsSwW';

/** Reads an escape whose backslash was taken, outside a set. */
export function readEscape(source: Source): Escape {
  const start = source.at - 1;
  const char = source.get();
  if (char === undefined) throw source.error('bad escape (end of pattern)', start);
  if (POSITIONS.includes(char)) return { type: 'position', letter: char };
  if (char !== '0' && DIGITS.includes(char)) return numbered(source, char, start);
  return common(source, char, start);
}

/** Reads an escape inside a set: `\b` is a backspace there, digits are octal. */
export function readSetEscape(source: Source): Escape {
  const start = source.at - 1;
  const char = source.get();
  if (char === undefined) throw source.error('bad escape (end of pattern)', start);
  if (char === 'b') return { type: 'code', code: 8 };
  if (OCTAL.includes(char)) return octal(source, char + source.run(OCTAL, 2), start);
  if (DIGITS.includes(char)) throw source.error(`bad escape \\${char}`, start);
  return common(source, char, start);
}

function common(source: Source, char: string, start: number): Escape {
  if (CATEGORIES.includes(char)) return { type: 'category', category: char as Category };
  const simple = SIMPLE.get(char);
  if (simple !== undefined) return { type: 'code', code: simple };
  const length = HEX_LENGTHS.get(char);
  if (length !== undefined) return hexadecimal(source, char, { length, start });
  if (char === '0') return octal(source, char + source.run(OCTAL, 2), start);
  if (char === 'N') throw namedCharacter(source, start);
  if (/^[A-Za-z]$/.test(char)) throw source.error(`bad escape \\${char}`, start);
  return { type: 'code', code: char.codePointAt(0) as number };
}

function namedCharacter(source: Source, start: number): Error {
  if (!source.take('{')) return source.error('missing {', source.at);
  const name = source.until('}', 'character name');
  return source.error(`undefined character name '${name}'`, start);
}

function hexadecimal(source: Source, letter: string, { length, start }: { length: number; start: number }): Escape {
  const digits = source.run(HEX, length);
  if (digits.length !== length) throw source.error(`incomplete escape \\${letter}${digits}`, start);
  const code = parseInt(digits, 16);
  if (code > 0x10ffff) throw source.error(`bad escape \\${letter}${digits}`, start);
  return { type: 'code', code };
}

function octal(source: Source, digits: string, start: number): Escape {
  const code = parseInt(digits, 8);
  if (code > 0o377) throw source.error(`octal escape value \\${digits} outside of range 0-0o377`, start);
  return { type: 'code', code };
}

/** `\1`: a reference to a group, or with three octal digits a character. */
function numbered(source: Source, first: string, start: number): Escape {
  const second = source.run(DIGITS, 1);
  if (second !== '' && OCTAL.includes(first) && OCTAL.includes(second)) {
    const third = source.run(OCTAL, 1);
    if (third !== '') return octal(source, first + second + third, start);
  }
  return { type: 'reference', group: Number(first + second), start };
}
