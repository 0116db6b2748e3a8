import { overflowError, zeroDivision } from '../errors';
import { halfEven } from './decimal';
import { trueDivision } from './int-arithmetic';
import { float, int, isFloat, isInt, isNumber, PyObject, toNumber } from './values';
import type { Value } from './values';

const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;
const MAX_DAYS = 999_999_999n;

/** Python's `datetime.timedelta`, held as microseconds. Throws OverflowError beyond ±999999999 days. */
export class PyTimeDelta extends PyObject {
  readonly typeName = 'datetime.timedelta';
  constructor(readonly total: bigint) {
    super();
    if (this.days < -MAX_DAYS || this.days > MAX_DAYS)
      throw overflowError(`days=${this.days}; must have magnitude <= ${MAX_DAYS}`);
  }
  get days(): bigint {
    return floorDivide(this.total, DAY);
  }
  /** Seconds within the day. */
  get seconds(): number {
    return Number((this.total - this.days * DAY) / SECOND);
  }
  /** Microseconds within the second. */
  get microseconds(): number {
    return Number((this.total - this.days * DAY) % SECOND);
  }
  get totalSeconds(): number {
    return trueDivision(this.total, SECOND);
  }
  override truth(): boolean {
    return this.total !== 0n;
  }
  override hashKey(): unknown {
    return `\0d${this.total}`;
  }
  override equals(other: Value): boolean {
    return other instanceof PyTimeDelta && other.total === this.total;
  }
  override compare(other: Value): number | undefined {
    return other instanceof PyTimeDelta ? sign(this.total - other.total) : undefined;
  }
  override str(): string {
    const { days, seconds, microseconds } = this;
    const two = (value: number): string => String(value).padStart(2, '0');
    const time = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const fraction = microseconds ? `.${String(microseconds).padStart(6, '0')}` : '';
    const plural = days === 1n || days === -1n ? '' : 's';
    return (days ? `${days} day${plural}, ` : '') + time + fraction;
  }
  override repr(): string {
    const parts = [
      ['days', this.days],
      ['seconds', this.seconds],
      ['microseconds', this.microseconds],
    ] as const;
    const shown = parts.filter(([, value]) => BigInt(value) !== 0n).map(([name, value]) => `${name}=${value}`);
    return `datetime.timedelta(${shown.join(', ') || '0'})`;
  }
  override binary(operator: string, other: Value, reflected: boolean): Value | undefined {
    if (other instanceof PyTimeDelta) return between(operator, reflected ? other : this, reflected ? this : other);
    if (!isNumber(other)) return undefined;
    if (operator === '*') return new PyTimeDelta(times(this.total, other));
    if (reflected || (operator !== '/' && operator !== '//')) return undefined;
    if (operator === '//' && isFloat(other)) return undefined;
    return new PyTimeDelta(divided(operator, this.total, other));
  }
}

const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function between(operator: string, a: PyTimeDelta, b: PyTimeDelta): Value | undefined {
  if (operator === '+') return new PyTimeDelta(a.total + b.total);
  if (operator === '-') return new PyTimeDelta(a.total - b.total);
  if (operator !== '/' && operator !== '//' && operator !== '%') return undefined;
  if (b.total === 0n) throw zeroDivision('division by zero');
  if (operator === '/') return float(trueDivision(a.total, b.total));
  const quotient = floorDivide(a.total, b.total);
  return operator === '//' ? int(quotient) : new PyTimeDelta(a.total - quotient * b.total);
}

type Factor = Parameters<typeof toNumber>[0];

function times(total: bigint, factor: Factor): bigint {
  if (isInt(factor) || typeof factor === 'boolean') return total * BigInt(factor);
  const { top, bottom } = ratio(toNumber(factor));
  return rounded(total * top, bottom);
}

function divided(operator: '/' | '//', total: bigint, divisor: Factor): bigint {
  if (Number(toNumber(divisor)) === 0) throw zeroDivision('division by zero');
  if (operator === '//') return floorDivide(total, BigInt(toNumber(divisor)));
  const { top, bottom } = typeof divisor === 'bigint' ? { top: divisor, bottom: 1n } : ratio(toNumber(divisor));
  return rounded(total * bottom, top);
}

/** A float as an exact quotient. */
function ratio(value: number): { top: bigint; bottom: bigint } {
  if (!Number.isFinite(value)) throw overflowError('cannot convert float infinity to integer');
  let top = value;
  let bottom = 1n;
  while (!Number.isInteger(top)) {
    top *= 2;
    bottom *= 2n;
  }
  return { top: BigInt(top), bottom };
}

function rounded(top: bigint, bottom: bigint): bigint {
  const negative = top < 0n !== bottom < 0n;
  const magnitude = halfEven(top < 0n ? -top : top, bottom < 0n ? -bottom : bottom);
  return negative ? -magnitude : magnitude;
}

/** Parts of a span; all may be fractions. Throws OverflowError. */
export interface Span {
  weeks?: number;
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
  microseconds?: number;
}

const UNITS: Readonly<Record<keyof Span, bigint>> = {
  weeks: 7n * DAY,
  days: DAY,
  hours: 3600n * SECOND,
  minutes: 60n * SECOND,
  seconds: SECOND,
  milliseconds: 1000n,
  microseconds: 1n,
};

/** `datetime.timedelta(days=…, hours=…)`, rounded to microseconds half to even. */
export function timeDelta(span: Span): PyTimeDelta {
  let [top, bottom] = [0n, 1n];
  for (const unit of Object.keys(UNITS) as (keyof Span)[]) {
    const part = ratio(span[unit] ?? 0);
    top = top * part.bottom + part.top * UNITS[unit] * bottom;
    bottom *= part.bottom;
  }
  return new PyTimeDelta(rounded(top, bottom));
}
