/** Exponents up to which a power is computed exactly and rounded once. */
const MAX_EXACT = 64;

/** `a ** b` for finite numbers, as near as C's `pow`: whole exponents exactly rounded, others with twice the precision of a float. */
export function floatPower(a: number, b: number): number {
  if (Number.isInteger(b) && Math.abs(b) <= MAX_EXACT) return wholePower(a, b);
  if (b === 0.5) return Math.sqrt(a);
  return a ** b;
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
