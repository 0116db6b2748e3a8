import { valueError } from '../errors';
import { civil, daysOf } from './calendar';
import { dateTime } from './datetime';
import type { Moment, PyDateTime } from './datetime';
import { DAYS, MONTHS } from './strftime';
import { reprString } from './text';

const short = (name: string): string => name.slice(0, 3);
const oneOf = (names: readonly string[]): string => `(?:${names.join('|')})`;

/** What each directive takes. Source: Python's `_strptime`. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d{2}',
  m: '1[0-2]|0[1-9]|[1-9]',
  d: '3[01]|[12]\\d|0[1-9]|[1-9]| [1-9]',
  H: '2[0-3]|[01]\\d|\\d',
  I: '1[0-2]|0[1-9]|[1-9]| [1-9]',
  M: '[0-5]\\d|\\d',
  S: '6[01]|[0-5]\\d|\\d',
  f: '\\d{1,6}',
  j: '36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
  p: 'am|pm',
  z: '[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|Z',
  Z: 'utc|gmt',
  a: oneOf(DAYS.map(short)),
  A: oneOf(DAYS),
  b: oneOf(MONTHS.map(short)),
  B: oneOf(MONTHS),
};

/** Python's `datetime.strptime(text, format)`. Throws ValueError. */
export function strptime(text: string, format: string): PyDateTime {
  const order: string[] = [];
  const source = format
    .replace(/[\\.^$*+?{}[\]|()-]/g, '\\$&')
    .replace(/\s+/g, '\\s+')
    .replace(/%(.)/g, (whole, letter: string) => {
      if (letter === '%') return '%';
      const pattern = DIRECTIVES[letter];
      if (!pattern) throw valueError(`'${letter}' is a bad directive in format '${format}'`);
      order.push(letter);
      return `(${pattern})`;
    });
  const match = new RegExp(`^${source}`, 'i').exec(text);
  if (!match) throw valueError(`time data ${reprString(text)} does not match format ${reprString(format)}`);
  const rest = text.slice(match[0].length);
  if (rest !== '') throw valueError(`unconverted data remains: ${rest}`);
  return momentOf(new Map(order.map((letter, index) => [letter, match[index + 1] as string] as const)));
}

function momentOf(found: ReadonlyMap<string, string>): PyDateTime {
  const number = (letter: string): number | undefined => {
    const value = found.get(letter);
    return value === undefined ? undefined : Number(value);
  };
  const year = number('Y') ?? twoDigitYear(number('y')) ?? 1900;
  const moment: Moment = {
    ...{ year, month: monthOf(found), day: number('d') ?? 1 },
    hour: number('H') ?? hourOf(number('I'), found.get('p')),
    minute: number('M') ?? 0,
    second: number('S') ?? 0,
    microsecond: Number((found.get('f') ?? '0').padEnd(6, '0')),
    offset: offsetOf(found.get('z')),
  };
  const dayOfYear = number('j');
  if (dayOfYear !== undefined && !found.has('d'))
    Object.assign(moment, civil(daysOf({ year, month: 1, day: 1 }) + dayOfYear - 1));
  return dateTime(moment);
}

const monthOf = (found: ReadonlyMap<string, string>): number =>
  found.has('m') ? Number(found.get('m')) : (nameIndex(found.get('b') ?? found.get('B')) ?? 1);

const twoDigitYear = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value + (value <= 68 ? 2000 : 1900);

function nameIndex(name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  return MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase()) + 1;
}

function hourOf(hour: number | undefined, half: string | undefined): number {
  if (hour === undefined) return 0;
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

function offsetOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === 'Z' || text === 'z') return 0;
  const digits = text.slice(1).replaceAll(':', '');
  const size = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return text.startsWith('-') ? -size : size;
}
