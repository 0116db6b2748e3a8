import { beyondBound, zeroDivision, overflowError } from '../errors';
import type { BinaryOperator } from './arithmetic';
import { floatOperation } from './float-arithmetic';
import { float, int } from './values';
import type { Value } from './values';

/** Bits an integer may have; enough for the 4300 decimal digits Python turns into text. */
const MAX_BITS = 16_384;

/** Python's operators on two ints. The result is exact; `/` and a negative exponent give a float. */
export function intOperation(operator: BinaryOperator, a: number | bigint, b: number | bigint): Value {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const quick = small(operator, a, b);
    if (quick !== undefined) return quick;
  }
  return large(operator, BigInt(a), BigInt(b));
}

/** Two safe integers; undefined when the result needs bigints. */
// eslint-disable-next-line complexity -- one total switch over the operators
function small(operator: BinaryOperator, a: number, b: number): Value | undefined {
  switch (operator) {
    case '+':
      return exact(a + b);
    case '-':
      return exact(a - b);
    case '*':
      return exact(a * b);
    case '/':
      if (b === 0) throw zeroDivision('division by zero');
      return float(a / b);
    case '//':
      if (b === 0) throw zeroDivision('integer division or modulo by zero');
      return (a - modulo(a, b)) / b + 0;
    case '%':
      if (b === 0) throw zeroDivision('integer modulo by zero');
      return modulo(a, b);
    case '**':
      return b < 0 ? inverse(a, b) : exact(a ** b);
    case '|':
    case '&':
    case '^':
      return undefined;
  }
}

const exact = (result: number): number | undefined => (Number.isSafeInteger(result) ? result + 0 : undefined);

function modulo(a: number, b: number): number {
  const rest = a % b;
  return (rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest) + 0;
}

function inverse(a: number | bigint, b: number | bigint): Value {
  if (Number(a) === 0) throw zeroDivision('0.0 cannot be raised to a negative power');
  return floatOperation('**', a, b);
}

function large(operator: BinaryOperator, a: bigint, b: bigint): Value {
  switch (operator) {
    case '+':
      return bounded(a + b);
    case '-':
      return bounded(a - b);
    case '*':
      return bounded(a * b);
    case '/':
      return float(trueDivision(a, b));
    case '//':
      return int(floorDivision(a, b));
    case '%':
      return int(a - b * floorDivision(a, b, 'integer modulo by zero'));
    case '**':
      return b < 0n ? inverse(a, b) : power(a, b);
    case '|':
      return int(a | b);
    case '&':
      return int(a & b);
    case '^':
      return int(a ^ b);
  }
}

function floorDivision(a: bigint, b: bigint, message = 'integer division or modulo by zero'): bigint {
  if (b === 0n) throw zeroDivision(message);
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function bounded(value: bigint): Value {
  return bitLength(value) > MAX_BITS ? tooLarge() : int(value);
}

function tooLarge(): never {
  throw beyondBound(`an integer would have more than ${MAX_BITS} bits`);
}

function power(base: bigint, exponent: bigint): Value {
  if (base === 0n || base === 1n) return int(exponent === 0n ? 1n : base);
  if (base === -1n) return exponent % 2n === 0n ? 1 : -1;
  if (BigInt(bitLength(base) - 1) * exponent > BigInt(MAX_BITS)) tooLarge();
  return bounded(base ** exponent);
}

/** Python's `int.bit_length`. */
export function bitLength(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude === 0n) return 0;
  const hex = magnitude.toString(16);
  return (hex.length - 1) * 4 + 32 - Math.clz32(parseInt(hex[0] as string, 16));
}

/** The float nearest to a quotient of integers, ties to even. */
export function trueDivision(a: bigint, b: bigint): number {
  if (b === 0n) throw zeroDivision('division by zero');
  const negative = a < 0n !== b < 0n;
  const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const shift = 66 - (bitLength(top) - bitLength(bottom));
  const scaled = shift > 0 ? (top << BigInt(shift)) / bottom : top / (bottom << BigInt(-shift));
  const rest = shift > 0 ? (top << BigInt(shift)) % bottom : top % (bottom << BigInt(-shift));
  const result = scaleDown(Number((scaled << 1n) | (rest === 0n ? 0n : 1n)), shift + 1);
  if (!Number.isFinite(result)) throw overflowError('integer division result too large for a float');
  return negative ? -result : result;
}

function scaleDown(value: number, shift: number): number {
  if (shift <= 1000) return shift < -1000 ? Infinity : value / 2 ** shift;
  return value / 2 ** 1000 / 2 ** (shift - 1000);
}
