import { failed, overflowError, typeError } from '../errors';
import { civil } from '../python/calendar';
import { round } from '../python/rounding';
import { trimmed } from '../python/split';
import { str } from '../python/text';
import { isFloat, isInt, toNumber, typeName } from '../python/values';
import type { Value } from '../python/values';

function pathOf(value: Value): string {
  if (typeof value === 'string') return value;
  throw typeError(`expected str, bytes or os.PathLike object, not ${typeName(value)}`);
}

/** Python's `os.path.basename`. Throws TypeError. */
export function basename(path: Value): Value {
  const text = pathOf(path);
  return text.slice(text.lastIndexOf('/') + 1);
}

/** Python's `os.path.dirname`. Throws TypeError. */
export function dirname(path: Value): Value {
  const text = pathOf(path);
  const head = text.slice(0, text.lastIndexOf('/') + 1);
  return /^\/+$/.test(head) ? head : trimmed(head, { chars: '/', left: false });
}

const DAY = 86_400;
/** The last day Python's calendar has, counted from the year 1. */
const MAX_DAY = 3_652_058;

/**
 * `1h3m5s`; from the largest unit that isn't zero on, each is shown. Months are not: `day of the month - 1` stands for the days. Below a
 * second the number itself with μs. Source: StackStorm's to_human_time_from_seconds. Throws AssertionError, OverflowError.
 */
export function humanTime(value: Value): Value {
  if (!isInt(value) && !isFloat(value) && typeof value !== 'boolean')
    throw failed('a number is required', 'AssertionError');
  if (toNumber(value) === 0) return '0s';
  if (toNumber(value) < 1) return `${str(value)}μs`;
  const seconds = Number(isFloat(value) ? round(value) : value);
  const days = Math.floor(seconds / DAY);
  if (days > MAX_DAY) throw overflowError('date value out of range');
  const { year, day } = civil(days);
  const left = seconds - days * DAY;
  const parts = [year - 1, day - 1, Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const first = parts.findIndex((part) => part !== 0);
  if (first < 0) return '0s';
  return parts
    .map((part, index) => `${part}${'ydhms'.charAt(index)}`)
    .slice(first)
    .join('');
}
