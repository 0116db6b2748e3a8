import type { Source } from './source';
import { ASCII, DOTALL, IGNORECASE, MULTILINE, UNICODE, VERBOSE } from './syntax';

const LETTERS: ReadonlyMap<string, number> = new Map([
  ['i', IGNORECASE],
  ['m', MULTILINE],
  ['s', DOTALL],
  ['x', VERBOSE],
  ['a', ASCII],
  ['u', UNICODE],
]);
const TYPES = ASCII | UNICODE;

/** Inline flags: of the whole pattern (`(?i)`), or switched on and off for a group (`(?i-s:`). */
export type InlineFlags = { global: number } | { on: number; off: number };

export const isFlagLetter = (char: string): boolean => LETTERS.has(char) || char === 'L' || char === '-';

/** Reads inline flags whose `(?` and first letter were taken; the `)` or `:` is taken too. */
export function parseFlags(source: Source, first: string): InlineFlags {
  let on = 0;
  let char: string | undefined = first;
  while (char !== '-') {
    on |= flagOf(source, char as string);
    if ((on & TYPES) === TYPES)
      throw source.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible", source.at);
    char = source.get();
    if (char === undefined) throw source.error('missing -, : or )');
    if (char === ')') return { global: on };
    if (char === ':') return { on, off: 0 };
    if (char !== '-') letter(source, char, 'missing -, : or )');
  }
  return { on, off: switchedOff(source, on) };
}

function switchedOff(source: Source, on: number): number {
  let off = 0;
  let char = source.get();
  if (char === undefined) throw source.error('missing flag');
  letter(source, char, 'missing flag');
  for (;;) {
    const flag = flagOf(source, char);
    if (flag & TYPES) throw source.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
    off |= flag;
    char = source.get();
    if (char === undefined) throw source.error('missing :');
    if (char === ':') break;
    letter(source, char, 'missing :');
  }
  if (on & off) throw source.error('bad inline flags: flag turned on and off');
  return off;
}

function letter(source: Source, char: string, otherwise: string): void {
  if (LETTERS.has(char) || char === 'L') return;
  throw source.error(/^[A-Za-z]$/.test(char) ? 'unknown flag' : otherwise, source.at - 1);
}

function flagOf(source: Source, char: string): number {
  if (char === 'L') throw source.error("bad inline flags: cannot use 'L' flag with a str pattern");
  return LETTERS.get(char) as number;
}
