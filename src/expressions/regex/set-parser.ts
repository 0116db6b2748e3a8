import type { Category } from './categories';
import { CharSet } from './char-set';
import { readSetEscape } from './escapes';
import type { Source } from './source';
import { ASCII, IGNORECASE } from './syntax';

type Item = { code: number } | { category: Category };

/** Reads a set whose `[` was taken. */
export function parseSet(source: Source, flags: number): CharSet {
  const start = source.at - 1;
  const negated = source.take('^');
  const ranges: [number, number][] = [];
  const categories: Category[] = [];
  const unterminated = (): Error => source.error('unterminated character set', start);
  const add = (item: Item): void => {
    if ('code' in item) ranges.push([item.code, item.code]);
    else categories.push(item.category);
  };
  for (;;) {
    const itemStart = source.at;
    const char = source.get();
    if (char === undefined) throw unterminated();
    if (char === ']' && ranges.length + categories.length > 0) break;
    const first = itemOf(source, char);
    if (!source.take('-')) {
      add(first);
      continue;
    }
    const endStart = source.at;
    const end = source.get();
    if (end === undefined) throw unterminated();
    if (end === ']') {
      add(first);
      add({ code: 45 });
      break;
    }
    ranges.push(
      range(first, itemOf(source, end), { source, low: token(source, itemStart), high: token(source, endStart) }),
    );
  }
  return new CharSet({
    ranges,
    categories,
    negated,
    fold: (flags & IGNORECASE) !== 0,
    ascii: (flags & ASCII) !== 0,
  });
}

function itemOf(source: Source, char: string): Item {
  if (char !== '\\') return { code: char.codePointAt(0) as number };
  const escape = readSetEscape(source);
  if (escape.type === 'code') return { code: escape.code };
  if (escape.type === 'category') return { category: escape.category };
  throw source.error('bad escape', source.at - 1);
}

function range(low: Item, high: Item, from: { source: Source; low: string; high: string }): [number, number] {
  const { source } = from;
  if ('code' in low && 'code' in high && high.code >= low.code) return [low.code, high.code];
  const text = `${from.low}-${from.high}`;
  throw source.error(`bad character range ${text}`, source.at - Array.from(text).length);
}

/** A character as it was written; of an escape the backslash and the letter. */
function token(source: Source, at: number): string {
  return source.chars.slice(at, at + (source.chars[at] === '\\' ? 2 : 1)).join('');
}
