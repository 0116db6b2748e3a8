import { exponentText, specialFloat } from './float-text';

/** A finite number as sign, integer mantissa and power of two. */
function parts(value: number): { mantissa: bigint; power: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  return exponent === 0
    ? { mantissa: fraction, power: -1074 }
    : { mantissa: fraction | 0x10000000000000n, power: exponent - 1075 };
}

/** `|value| · 10^scale` as an integer, rounded half to even on the exact value. */
function scaled(value: number, scale: number): bigint {
  const { mantissa, power } = parts(value);
  let top = mantissa;
  let bottom = 1n;
  if (scale >= 0) top *= 10n ** BigInt(scale);
  else bottom *= 10n ** BigInt(-scale);
  if (power >= 0) top <<= BigInt(power);
  else bottom <<= BigInt(-power);
  return halfEven(top, bottom);
}

/** A quotient of positive integers, rounded half to even. */
export function halfEven(top: bigint, bottom: bigint): bigint {
  const quotient = top / bottom;
  const twice = (top % bottom) * 2n;
  return twice > bottom || (twice === bottom && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

const signOf = (value: number): string => (value < 0 || Object.is(value, -0) ? '-' : '');

/** `%.nf`: exact digits, rounded half to even. */
export function fixed(value: number, decimals: number): string {
  const special = specialFloat(value);
  if (special !== undefined) return special;
  const digits = scaled(value, decimals)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return signOf(value) + whole + (decimals > 0 ? `.${digits.slice(digits.length - decimals)}` : '');
}

/** `count` significant digits and the exponent of the first. */
function significant(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  let exponent = Number(Math.abs(value).toExponential().split('e')[1]);
  let digits = scaled(value, count - 1 - exponent).toString();
  if (digits.length > count) {
    exponent += 1;
    digits = digits.slice(0, count);
  }
  return { digits, exponent };
}

/** `%.ne`. */
export function exponential(value: number, decimals: number): string {
  const special = specialFloat(value);
  if (special !== undefined) return special;
  const { digits, exponent } = significant(value, decimals + 1);
  const fraction = decimals > 0 ? `.${digits.slice(1)}` : '';
  return signOf(value) + digits[0] + fraction + exponentText(exponent);
}

/** `%.ng`; `alternate` keeps trailing zeros, `dotted` a digit after the point (as formatting without a type does). */
export function general(value: number, precision: number, { alternate = false, dotted = false } = {}): string {
  const special = specialFloat(value);
  if (special !== undefined) return special;
  const count = precision === 0 ? 1 : precision;
  const { digits, exponent } = significant(value, count);
  const sign = signOf(value);
  const kept = alternate ? digits : withoutZeros(digits);
  const point = alternate ? '.' : '';
  if (exponent < -4 || exponent >= count - Number(dotted))
    return sign + withPoint(kept[0] as string, kept.slice(1), point) + exponentText(exponent);
  const [whole, fraction] = pointed(kept, exponent);
  return sign + withPoint(whole, fraction, dotted && !alternate ? '.0' : point);
}

/** `whole.fraction`, or `whole` and what stands in for an empty fraction. */
function withPoint(whole: string, fraction: string, otherwise: string): string {
  return fraction === '' ? whole + otherwise : `${whole}.${fraction}`;
}

/** Digits without the zeros at their end. */
function withoutZeros(digits: string): string {
  let end = digits.length;
  while (end > 1 && digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

function pointed(digits: string, exponent: number): [string, string] {
  if (exponent < 0) return ['0', digits === '0' ? '' : '0'.repeat(-exponent - 1) + digits];
  return [digits.slice(0, exponent + 1).padEnd(exponent + 1, '0'), digits.slice(exponent + 1)];
}
