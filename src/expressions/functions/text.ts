import { failed } from '../errors';
import { trimmed } from '../python/split';
import { str } from '../python/text';
import { float, isFloat, isInt, toNumber } from '../python/values';
import type { Value } from '../python/values';

export const basename = (path: Value): Value => str(path).slice(str(path).lastIndexOf('/') + 1);
export function dirname(path: Value): Value {
  const text = str(path);
  const head = text.slice(0, text.lastIndexOf('/') + 1);
  return /^\/+$/.test(head) ? head : trimmed(head, { chars: '/', left: false });
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
  if (!isInt(value) && !isFloat(value)) throw failed('a number is required', 'AssertionError');
  let left = toNumber(value);
  if (left === 0) return '0s';
  if (left < 1) return `${str(float(left * 1_000_000))}μs`;
  left = Math.floor(left);
  let text = '';
  for (const [name, seconds] of UNITS) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0) text += `${count}${name}`;
  }
  return text;
}
