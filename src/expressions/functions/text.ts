import { raised } from './raise';
import { compileRegex } from '../regex/regex';
import { str } from '../python/text';
import { isInt, toNumber } from '../python/values';
import type { Value } from '../python/values';

const IGNORE_CASE = 2;
const regexOf = (pattern: Value, ignoreCase: Value = false) =>
  compileRegex(str(pattern), ignoreCase === true ? IGNORE_CASE : 0);

export const regexMatch = (value: Value, pattern: Value, ignoreCase: Value): Value =>
  regexOf(pattern, ignoreCase).match(str(value)) !== null;
export const regexSearch = (value: Value, pattern: Value, ignoreCase: Value): Value =>
  regexOf(pattern, ignoreCase).search(str(value)) !== null;
export const regexReplace = (value: Value, pattern: Value, replacement: Value): Value =>
  regexOf(pattern).sub(str(value), str(replacement));

/** The match of this number, as Python's `findall` gives it. */
export function regexSubstring(value: Value, pattern: Value, index: Value): Value {
  const found = regexOf(pattern)
    .findall(str(value))
    .at(isInt(index) ? Number(index) : 0);
  if (found === undefined) throw raised('IndexError', 'list index out of range');
  return found;
}

export const basename = (path: Value): Value => str(path).slice(str(path).lastIndexOf('/') + 1);
export function dirname(path: Value): Value {
  const text = str(path);
  const head = text.slice(0, text.lastIndexOf('/') + 1);
  return /^\/+$/.test(head) ? head : withoutSlashes(head);
}

function withoutSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** Largest first: name, seconds. Days and hours are not shown when larger units stand alone. */
const UNITS = [
  ['y', 31_536_000],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** `1h3m5s`; below a second in microseconds. Source: StackStorm's to_human_time_from_seconds. */
export function humanTime(value: Value): Value {
  if (!isInt(value) && typeof toNumberOrNull(value) !== 'number')
    throw raised('AssertionError', 'a number is required');
  let left = toNumber(value as number);
  if (left === 0) return '0s';
  if (left < 1) return `${formatMicro(left * 1_000_000)}μs`;
  left = Math.floor(left);
  let text = '';
  for (const [name, seconds] of UNITS) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0) text += `${count}${name}`;
  }
  return text;
}

const toNumberOrNull = (value: Value): number | null =>
  typeof value === 'number' ||
  (typeof value === 'object' && value !== null && 'typeName' in value && value.typeName === 'float')
    ? toNumber(value as number)
    : null;
const formatMicro = (value: number): string => str(Number.isInteger(value) ? `${value}.0` : value);
