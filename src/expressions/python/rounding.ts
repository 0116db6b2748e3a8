import { overflowError, typeError } from '../errors';
import { truncated } from './convert';
import { fixed, halfEven } from './decimal';
import { float, int, isInt, isNumber, plain, PyFloat, toNumber, typeName } from './values';
import type { Value } from './values';

/**
 * Python's `round`: half to even, on the exact value. Without digits (null) a float becomes an int. Throws TypeError, ValueError,
 * OverflowError.
 */
export function round(given: Value, digits: Value = null): Value {
  const value = plain(given);
  if (!isNumber(value)) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  const places = digitsOf(plain(digits));
  if (typeof value === 'number' ? !Number.isInteger(value) : value instanceof PyFloat)
    return roundFloat(toNumber(value as number | PyFloat), places);
  const whole = int(BigInt(value as bigint | number | boolean));
  return places === null || places >= 0 ? whole : roundInt(BigInt(whole), -places);
}

function digitsOf(digits: Value): number | null {
  if (digits === null) return null;
  if (!isInt(digits) && typeof digits !== 'boolean')
    throw typeError(`'${typeName(digits)}' object cannot be interpreted as an integer`);
  return Math.max(-5000, Math.min(5000, Number(digits)));
}

function roundFloat(value: number, places: number | null): Value {
  if (places === null) {
    const whole = truncated(value);
    return Math.abs(value) >= 2 ** 52 ? whole : int(BigInt(fixed(value, 0)));
  }
  if (!Number.isFinite(value) || places > 323) return float(value);
  if (places < -308) return float(value * 0);
  const rounded = places >= 0 ? Number(fixed(value, places)) : roundTens(value, -places);
  if (!Number.isFinite(rounded)) throw overflowError('rounded value too large to represent');
  return float(rounded);
}

function roundTens(value: number, places: number): number {
  const unit = 10n ** BigInt(places);
  const magnitude = Math.abs(value);
  const whole = BigInt(Math.trunc(magnitude));
  const fraction = magnitude - Math.trunc(magnitude) > 0 ? 1n : 0n;
  const rounded = Number(halfEven(whole * 2n + fraction, unit * 2n) * unit);
  return value < 0 || Object.is(value, -0) ? -rounded : rounded;
}

function roundInt(value: bigint, places: number): Value {
  const unit = 10n ** BigInt(places);
  const rounded = halfEven(value < 0n ? -value : value, unit) * unit;
  return int(value < 0n ? -rounded : rounded);
}
