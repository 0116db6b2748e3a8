/** Exponents up to which a power is computed exactly and rounded once. */
const MAX_EXACT = 64;

/** `a ** b` for finite numbers, as near as C's `pow`: whole exponents exactly rounded, others with twice the precision of a float. */
export function floatPower(a: number, b: number): number {
  if (Number.isInteger(b) && Math.abs(b) <= MAX_EXACT) return wholePower(a, b);
  const quick = a ** b;
  if (quick === 0 || !Number.isFinite(quick) || Number.isNaN(quick) || a === 0) return quick;
  const result = exponential(b, logarithm(Math.abs(a)));
  return quick < 0 ? -result : result;
}

/** Bits after the point of the fixed-point numbers that follow. */
const PRECISION = 192n;
const ONE = 1n << PRECISION;

/** `2 · atanh(top / bottom)` by its series; the quotient is small. */
function twiceAtanh(top: bigint, bottom: bigint): bigint {
  const z = (top << PRECISION) / bottom;
  const square = (z * z) >> PRECISION;
  let [term, sum] = [z, z];
  for (let odd = 3n; term !== 0n && term !== -1n; odd += 2n) {
    term = (term * square) >> PRECISION;
    sum += term / odd;
  }
  return sum * 2n;
}

const LN2 = twiceAtanh(1n, 3n);

/** Natural logarithm of a positive float, in fixed point. */
function logarithm(value: number): bigint {
  const { mantissa, power } = split(value);
  const bits = mantissa.toString(2).length;
  const unit = 1n << BigInt(bits - 1);
  return BigInt(power + bits - 1) * LN2 + twiceAtanh(mantissa - unit, mantissa + unit);
}

/** `e ** (factor · log)`. */
function exponential(factor: number, log: bigint): number {
  const { mantissa, power } = split(factor);
  const product = (factor < 0 ? -mantissa : mantissa) * log;
  const exponent = power >= 0 ? product << BigInt(power) : product >> BigInt(-power);
  const halves = exponent / LN2;
  const rest = exponent - halves * LN2;
  let [term, sum] = [ONE, ONE];
  for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
    term = ((term * rest) >> PRECISION) / n;
    sum += term;
  }
  return scaled(sum | 1n, Number(halves - PRECISION));
}

function wholePower(a: number, b: number): number {
  const quick = a ** b;
  if (quick === 0 || !Number.isFinite(quick) || a === 0) return quick;
  if (Number.isSafeInteger(quick) && b > 0 && Number.isInteger(a)) return quick;
  const { mantissa, power } = split(a);
  const count = BigInt(Math.abs(b));
  const sign = a < 0 && b % 2 !== 0 ? -1 : 1;
  const result = b > 0 ? rounded(mantissa ** count, 1n) : rounded(1n, mantissa ** count);
  return sign * scaled(result.value, result.power + power * b);
}

function split(value: number): { mantissa: bigint; power: number } {
  let mantissa = Math.abs(value);
  let power = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    power -= 1;
  }
  return { mantissa: BigInt(mantissa), power };
}

/** A quotient as an integer of 64 bits or more whose last bit tells whether something was cut off, times a power of two. */
function rounded(top: bigint, bottom: bigint): { value: bigint; power: number } {
  const shift = Math.max(0, 66 + bottom.toString(2).length - top.toString(2).length);
  const numerator = top << BigInt(shift);
  const value = numerator / bottom;
  return { value: (value << 1n) | (numerator % bottom === 0n ? 0n : 1n), power: -shift - 1 };
}

/** `value · 2^power`, rounded once where the result is a normal number. */
function scaled(value: bigint, power: number): number {
  const bits = value.toString(2).length;
  const extra = Math.max(0, bits - 66);
  const top =
    extra === 0 ? value : (value >> BigInt(extra)) | ((value & ((1n << BigInt(extra)) - 1n)) === 0n ? 0n : 1n);
  let result = Number(top);
  let left = power + extra;
  while (left < -1000) {
    result /= 2 ** 1000;
    left += 1000;
  }
  while (left > 1000) {
    result *= 2 ** 1000;
    left -= 1000;
  }
  return result * 2 ** left;
}
