import { failed, valueError } from '../errors';
import { daysInMonth } from './calendar';
import { dateTime, fromTimestamp, PyDateTime } from './datetime';
import type { Moment } from './datetime';
import { readMoment } from './dateutil/parser';
import type { Found } from './dateutil/parser';
import { isUtc } from './dateutil/words';
import { reprString } from './text';

const DAY = 86_400_000_000n;

/**
 * A moment from nearly any way of writing one, as `dateutil.parser.parse` reads it: what the text leaves out is today's (`now`, milliseconds
 * since 1970, in UTC), the time of day midnight. Without a zone it has none. Throws ValueError (dateutil's ParserError), OverflowError.
 */
export function parseMoment(text: string, now?: () => number): PyDateTime {
  const found = read(text);
  if (isEmpty(found)) throw unknown(text, 'String does not contain a date');
  const date = dateOf(text, found, now);
  const { hour = 0, minute = 0, second = 0, microsecond = 0 } = found;
  const moment = dateTime({ ...date, hour, minute, second, microsecond, offset: offsetOf(found) });
  const hasDay = found.parts.resolve().day !== undefined;
  return found.weekday === undefined || hasDay ? moment : onWeekday(moment, found.weekday);
}

/** The date, with what the text leaves out from today's. */
function dateOf(text: string, found: Found, now: (() => number) | undefined): Pick<Moment, 'year' | 'month' | 'day'> {
  const given = found.parts.resolve();
  const today = fromTimestamp(nowFor(found, now) / 1000, 0);
  const year = given.year === undefined ? today.year : withCentury(given.year, found, today.year);
  const { month = today.month } = given;
  if (month < 1 || month > 12) throw unknown(text, 'month must be in 1..12');
  return { year, month, day: given.day ?? Math.min(today.day, daysInMonth(year, month)) };
}

function read(text: string): Found {
  try {
    const found = readMoment(text);
    found.parts.resolve();
    return found;
  } catch {
    throw unknown(text, 'Unknown string format');
  }
}

const unknown = (text: string, problem: string): Error => valueError(`${problem}: ${reprString(text).slice(1, -1)}`);

const isEmpty = ({ parts, hour, weekday, offset, zoneName, second, minute }: Found): boolean =>
  parts.length === 0 && [hour, minute, second, weekday, offset, zoneName].every((part) => part === undefined);

/** The time now, needed only when the text leaves out something of the date. */
function nowFor({ parts }: Found, now: (() => number) | undefined): number {
  const { year, month, day } = parts.resolve();
  if (now) return now();
  if (year !== undefined && month !== undefined && day !== undefined) return 0;
  throw failed('a date that is not complete needs the time from outside', 'RuntimeError');
}

/** Two digits are a year within 50 years of this one. */
function withCentury(year: number, { parts }: Found, thisYear: number): number {
  if (year >= 100 || parts.centurySpecified) return year;
  const full = year + Math.floor(thisYear / 100) * 100;
  if (full >= thisYear + 50) return full - 100;
  return full < thisYear - 50 ? full + 100 : full;
}

const DAY_SECONDS = 86_400;

/** A zone that is UTC by name is that, whatever else is said. */
function offsetOf({ offset, zoneName }: Found): number | null {
  if (zoneName !== undefined && isUtc(zoneName) && (offset !== undefined || zoneName.toLowerCase() === 'z')) return 0;
  if (offset !== undefined && Math.abs(offset) >= DAY_SECONDS) throw valueError('offset must be within a day');
  return offset ?? null;
}

/** That day of the week, the same or a later one. */
function onWeekday(moment: PyDateTime, weekday: number): PyDateTime {
  const ahead = (weekday - moment.weekday + 7) % 7;
  return new PyDateTime(moment.local + BigInt(ahead) * DAY, moment.offset);
}
