import { valueError } from '../../errors';
import { DateParts } from './date-parts';
import { dateTokens } from './tokens';
import { half, isJump, isUtc, isUtcName, month, unit, weekday } from './words';

/** What a text says of a moment; what it doesn't is undefined. */
export interface Found {
  parts: DateParts;
  hour?: number;
  minute?: number;
  second?: number;
  microsecond?: number;
  weekday?: number;
  zoneName?: string;
  /** Seconds. */
  offset?: number;
}

/** Reads a date's text. Throws ValueError where dateutil does. Source: dateutil's `parser._parse`. */
export function readMoment(text: string): Found {
  const reader = new Reader(dateTokens(text));
  reader.read();
  return reader.found;
}

const fail = (): never => {
  throw valueError('unknown string format');
};
const isNumber = (token: string | undefined): token is string => token !== undefined && /^\d+(?:\.\d*)?$/.test(token);
const isDigits = (token: string | undefined): token is string => token !== undefined && /^\d+$/.test(token);

class Reader {
  readonly found: Found = { parts: new DateParts() };
  private at = 0;
  constructor(private readonly tokens: string[]) {}

  read(): void {
    for (; this.at < this.tokens.length; this.at += 1) this.token(this.tokens[this.at] as string);
  }
  private peek(ahead: number): string | undefined {
    return this.tokens[this.at + ahead];
  }
  private must(ahead: number): string {
    return this.peek(ahead) ?? fail();
  }

  private token(token: string): void {
    const { found } = this;
    const day = weekday(token);
    if (isNumber(token)) this.number(token);
    else if (day !== undefined) found.weekday = day;
    else if (month(token) !== undefined) this.monthName(month(token) as number);
    else if (half(token) !== undefined) this.halfOfDay(half(token) as number);
    else if (this.couldBeZone(token)) this.zone(token);
    else if (found.hour !== undefined && (token === '+' || token === '-')) this.offset(token === '+' ? 1 : -1);
    else if (!isJump(token)) fail();
  }

  private monthName(value: number): void {
    const { parts } = this.found;
    parts.add(value, 'month');
    const separator = this.peek(1);
    if (separator === '-' || separator === '/') {
      parts.add(digits(this.must(2)));
      if (this.peek(3) === separator) {
        parts.add(digits(this.must(4)));
        this.at += 2;
      }
      this.at += 2;
    } else if (separator === ' ' && this.peek(3) === ' ' && this.peek(2)?.toLowerCase() === 'of' && this.peek(4)) {
      const year = this.peek(4);
      if (isDigits(year)) parts.add(year.length > 2 ? year : Number(year), 'year');
      this.at += 4;
    }
  }

  private halfOfDay(value: number): void {
    const { hour } = this.found;
    if (hour === undefined || hour > 12) return fail();
    this.found.hour = inHalf(hour, value);
  }

  private couldBeZone(token: string): boolean {
    const { hour, zoneName, offset } = this.found;
    if (hour === undefined || zoneName !== undefined || offset !== undefined) return false;
    return token.length <= 5 && (/^[A-Z]*$/.test(token) || isUtcName(token));
  }

  private zone(name: string): void {
    this.found.zoneName = name;
    if (isUtc(name)) this.found.offset = 0;
    const sign = this.peek(1);
    if (sign !== '+' && sign !== '-') return;
    // `GMT+3` means three hours ahead of `GMT-0`: the sign is turned, as POSIX has it.
    this.tokens[this.at + 1] = sign === '+' ? '-' : '+';
    delete this.found.offset;
    if (isUtc(name)) delete this.found.zoneName;
  }

  private offset(sign: number): void {
    const text = digits(this.must(1));
    let [hours, minutes] = [Number(text.slice(0, 2)), 0];
    if (text.length === 4) minutes = Number(text.slice(2));
    else if (this.peek(2) === ':') {
      [hours, minutes] = [Number(text), Number(digits(this.must(3)))];
      this.at += 2;
    } else if (text.length > 2) fail();
    this.found.offset = sign * (hours * 3600 + minutes * 60);
    if (
      isJump(this.peek(2)) &&
      this.peek(3) === '(' &&
      this.peek(5) === ')' &&
      /^[A-Z]{3,5}$/.test(this.peek(4) ?? '')
    ) {
      this.found.zoneName = this.must(4);
      this.at += 4;
    }
    this.at += 1;
  }

  // eslint-disable-next-line complexity -- one question after the other, as the rules are
  private number(text: string): void {
    const { parts } = this.found;
    const next = this.peek(1);
    const size = text.length;
    const isTime = parts.length === 3 && (size === 2 || size === 4) && this.found.hour === undefined;
    if (isTime && (next === undefined || (next !== ':' && unit(next) === undefined))) {
      this.found.hour = Number(text.slice(0, 2));
      if (size === 4) this.found.minute = Number(text.slice(2));
    } else if (size === 6 || (size > 6 && text.indexOf('.') === 6)) this.sixDigits(text);
    else if (size === 8 || size === 12 || size === 14) this.allDigits(text);
    else if (this.unitIndex() !== null) this.withUnit(text, this.unitIndex() as number);
    else if (next === ':' && this.peek(2) !== undefined) this.clock(text);
    else if (next === '-' || next === '/' || next === '.') this.separated(text, next);
    else this.alone(text, next);
  }

  private sixDigits(text: string): void {
    const { parts } = this.found;
    const pairs = [text.slice(0, 2), text.slice(2, 4), text.slice(4)];
    if (parts.length === 0 && !text.includes('.')) return pairs.forEach((pair) => parts.add(pair));
    this.found.hour = Number(pairs[0]);
    this.found.minute = Number(pairs[1]);
    this.seconds(text.slice(4));
  }

  private allDigits(text: string): void {
    const { parts } = this.found;
    parts.add(digits(text.slice(0, 4)), 'year');
    parts.add(digits(text.slice(4, 6)));
    parts.add(digits(text.slice(6, 8)));
    if (text.length === 8) return;
    this.found.hour = Number(digits(text.slice(8, 10)));
    this.found.minute = Number(digits(text.slice(10, 12)));
    if (text.length > 12) this.found.second = Number(digits(text.slice(12)));
  }

  /** Where the unit of the number stands: behind it, or before it (as in `h 10`). */
  private unitIndex(): number | null {
    const { at, tokens } = this;
    if (unit(this.peek(1)) !== undefined) return at + 1;
    if (this.peek(1) === ' ' && unit(this.peek(2)) !== undefined) return at + 2;
    if (at > 0 && unit(this.peek(-1)) !== undefined) return at - 1;
    const isLast = at > 1 && at === tokens.length - 1;
    return isLast && this.peek(-1) === ' ' && unit(this.peek(-2)) !== undefined ? at - 2 : null;
  }

  private withUnit(text: string, index: number): void {
    const own = unit(this.tokens[index]) as number;
    const value = Number(text);
    const kind = index > this.at ? own : own + 1;
    if (index > this.at) this.at = index;
    if (kind === 0) {
      this.found.hour = Math.trunc(value);
      if (value % 1) this.found.minute = sixtieths(value);
    } else if (kind === 1) this.minutes(value);
    else if (kind === 2) this.seconds(text);
  }

  private clock(text: string): void {
    this.found.hour = Math.trunc(Number(text));
    const minutes = this.must(2);
    if (!isNumber(minutes)) fail();
    this.minutes(Number(minutes));
    if (this.peek(3) === ':' && this.peek(4) !== undefined) {
      this.seconds(this.must(4));
      this.at += 2;
    }
    this.at += 2;
  }

  private minutes(value: number): void {
    this.found.minute = Math.trunc(value);
    delete this.found.second;
    if (value % 1) this.found.second = sixtieths(value);
  }

  private seconds(text: string): void {
    const [, whole, fraction = ''] = /^(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
    if (whole === undefined) fail();
    this.found.second = Number(whole);
    this.found.microsecond = Number(fraction.padEnd(6, '0').slice(0, 6));
  }

  private separated(text: string, separator: string): void {
    const { parts } = this.found;
    parts.add(digits(text));
    const second = this.peek(2);
    if (second !== undefined && !isJump(second)) {
      this.digitsOrMonth(second, false);
      if (this.peek(3) === separator) {
        this.digitsOrMonth(this.must(4), true);
        this.at += 2;
      }
      this.at += 1;
    }
    this.at += 1;
  }

  private digitsOrMonth(token: string, anyNumber: boolean): void {
    const name = month(token);
    if (name !== undefined) return this.found.parts.add(name, 'month');
    this.found.parts.add(anyNumber || isDigits(token) ? digits(token) : fail());
  }

  private alone(text: string, next: string | undefined): void {
    const value = Number(text);
    const { parts } = this.found;
    const nextHalf = half(next);
    if (next === undefined || isJump(next)) {
      const later = half(this.peek(2));
      if (later === undefined) parts.add(value);
      else {
        this.found.hour = inHalf(Math.trunc(value), later);
        this.at += 1;
      }
      this.at += 1;
    } else if (nextHalf !== undefined && value >= 0 && value < 24) {
      this.found.hour = inHalf(Math.trunc(value), nextHalf);
      this.at += 1;
    } else if (parts.couldBeDay(value)) parts.add(value);
    else fail();
  }
}

/** The fraction of an hour or minute in the next smaller unit; a decimal fraction is taken as written. */
const sixtieths = (value: number): number => Math.floor(Number((60 * (value % 1)).toFixed(6)));

const digits = (text: string): string => (isDigits(text) ? text : fail());

function inHalf(hour: number, which: number): number {
  if (hour < 12 && which === 1) return hour + 12;
  return hour === 12 && which === 0 ? 0 : hour;
}
