import { overflowError, typeError, valueError } from '../errors';
import { civil, daysOf, daysInMonth } from './calendar';
import { trueDivision } from './int-arithmetic';
import { strftime } from './strftime';
import { PyTimeDelta } from './timedelta';
import { PyObject } from './values';
import type { Value } from './values';

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;
const MAX_DAY = 3_652_058n;

/** A moment's parts; `offset` is its zone's distance to UTC in seconds, null for a moment without a zone. */
export interface Moment {
  year: number;
  month: number;
  day: number;
  hour?: number;
  minute?: number;
  second?: number;
  microsecond?: number;
  offset?: number | null;
}

/** Python's `datetime.datetime`, to the microsecond, with or without a fixed offset to UTC. There is no clock: see {@link dateTime}. */
export class PyDateTime extends PyObject {
  readonly typeName = 'datetime.datetime';
  readonly year: number;
  readonly month: number;
  readonly day: number;

  /** `local` counts microseconds of local time since 0001-01-01. Throws OverflowError outside the years 1 to 9999. */
  constructor(
    readonly local: bigint,
    readonly offset: number | null = null,
  ) {
    super();
    const days = local / DAY;
    if (local < 0n || days > MAX_DAY) throw overflowError('date value out of range');
    const { year, month, day } = civil(Number(days));
    this.year = year;
    this.month = month;
    this.day = day;
  }
  private get secondOfDay(): number {
    return Number((this.local % DAY) / SECOND);
  }
  get hour(): number {
    return Math.floor(this.secondOfDay / 3600);
  }
  get minute(): number {
    return Math.floor(this.secondOfDay / 60) % 60;
  }
  get second(): number {
    return this.secondOfDay % 60;
  }
  get microsecond(): number {
    return Number(this.local % SECOND);
  }
  /** Monday is 0. */
  get weekday(): number {
    return Number((this.local / DAY) % 7n);
  }
  get dayOfYear(): number {
    return Number(this.local / DAY) - daysOf({ year: this.year, month: 1, day: 1 }) + 1;
  }
  /** Microseconds since 0001-01-01 in UTC; of a moment without a zone as if that were UTC. */
  get utc(): bigint {
    return this.local - BigInt(this.offset ?? 0) * SECOND;
  }
  /** The same moment at another offset. */
  at(offset: number): PyDateTime {
    return new PyDateTime(this.utc + BigInt(offset) * SECOND, offset);
  }
  /** Seconds since 1970 in UTC. */
  get timestamp(): number {
    return trueDivision(this.utc - EPOCH, SECOND);
  }
  isoformat(separator = 'T'): string {
    const date = `${pad(this.year, 4)}-${pad(this.month)}-${pad(this.day)}`;
    const fraction = this.microsecond ? `.${pad(this.microsecond, 6)}` : '';
    const time = `${pad(this.hour)}:${pad(this.minute)}:${pad(this.second)}${fraction}`;
    return date + separator + time + offsetText(this.offset, ':');
  }
  strftime(format: string): string {
    return strftime(this, format);
  }
  override format(spec: string): string {
    return spec === '' ? this.str() : this.strftime(spec);
  }
  override str(): string {
    return this.isoformat(' ');
  }
  override repr(): string {
    const { year, month, day, hour, minute, second, microsecond } = this;
    const time = microsecond ? [hour, minute, second, microsecond] : second ? [hour, minute, second] : [hour, minute];
    const zone = this.offset === null ? '' : `, tzinfo=${zoneRepr(this.offset)}`;
    return `datetime.datetime(${[year, month, day, ...time].join(', ')}${zone})`;
  }
  override hashKey(): unknown {
    return `\0m${this.offset === null ? 'n' : 'a'}${this.utc}`;
  }
  override equals(other: Value): boolean {
    return other instanceof PyDateTime && (this.offset === null) === (other.offset === null) && this.utc === other.utc;
  }
  override compare(other: Value): number | undefined {
    if (!(other instanceof PyDateTime)) return undefined;
    sameKind(this, other, 'compare');
    return this.utc < other.utc ? -1 : this.utc > other.utc ? 1 : 0;
  }
  override binary(operator: string, other: Value, reflected: boolean): Value | undefined {
    if (other instanceof PyTimeDelta) {
      if (operator === '+') return new PyDateTime(this.local + other.total, this.offset);
      return operator === '-' && !reflected ? new PyDateTime(this.local - other.total, this.offset) : undefined;
    }
    if (operator !== '-' || reflected || !(other instanceof PyDateTime)) return undefined;
    sameKind(this, other, 'subtract');
    return new PyTimeDelta(this.utc - other.utc);
  }
}

function sameKind(a: PyDateTime, b: PyDateTime, verb: string): void {
  if ((a.offset === null) === (b.offset === null)) return;
  throw typeError(`can't ${verb} offset-naive and offset-aware datetimes`);
}

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** `+02:00`, with seconds where there are any; empty without a zone. */
export function offsetText(offset: number | null, separator: string): string {
  if (offset === null) return '';
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  if (parts[2] === 0) parts.pop();
  return (offset < 0 ? '-' : '+') + parts.map((part) => pad(part)).join(separator);
}

function zoneRepr(offset: number): string {
  if (offset === 0) return 'datetime.timezone.utc';
  return `datetime.timezone(${new PyTimeDelta(BigInt(offset) * SECOND).repr()})`;
}

/** `datetime.datetime(year, month, day, …)`. Throws ValueError for parts out of range. */
export function dateTime(moment: Moment): PyDateTime {
  const { year, month, day, hour = 0, minute = 0, second = 0, microsecond = 0, offset = null } = moment;
  within('year', year, [1, 9999]);
  within('month', month, [1, 12]);
  if (!Number.isInteger(day) || day < 1 || day > daysInMonth(year, month))
    throw valueError('day is out of range for month');
  within('hour', hour, [0, 23]);
  within('minute', minute, [0, 59]);
  within('second', second, [0, 59]);
  within('microsecond', microsecond, [0, 999_999]);
  const seconds = BigInt(daysOf({ year, month, day })) * 86_400n + BigInt(hour * 3600 + minute * 60 + second);
  return new PyDateTime(seconds * SECOND + BigInt(microsecond), offset);
}

function within(name: string, value: number, [low, high]: readonly [number, number]): void {
  if (!Number.isInteger(value) || value < low || value > high) throw valueError(`${name} must be in ${low}..${high}`);
}

const EPOCH = dateTime({ year: 1970, month: 1, day: 1 }).local;

/** The moment so many seconds after 1970 in UTC, at an offset. Throws OverflowError. */
export function fromTimestamp(seconds: number, offset: number): PyDateTime {
  if (!Number.isFinite(seconds)) throw overflowError('cannot convert float infinity to integer');
  const whole = Math.floor(seconds);
  const microseconds = BigInt(Math.round((seconds - whole) * 1e6));
  return new PyDateTime(EPOCH + BigInt(whole) * SECOND + microseconds, 0).at(offset);
}
