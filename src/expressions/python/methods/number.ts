import { overflowError, valueError } from '../../errors';
import { bitLength } from '../int-arithmetic';
import { int, PyBytes, PyTuple, toNumber } from '../values';
import type { PyFloat } from '../values';
import { text, method, whole } from './signature';
import type { Method } from './signature';

type Int = number | bigint | boolean;

function magnitude(value: Int): bigint {
  const big = BigInt(value);
  return big < 0n ? -big : big;
}

const bitCount = (value: Int): number => magnitude(value).toString(2).replaceAll('0', '').length;

function toBytes(value: Int, length: number, order: string): PyBytes {
  if (order !== 'big' && order !== 'little') throw valueError("byteorder must be either 'little' or 'big'");
  if (length < 0) throw valueError('length argument must be non-negative');
  if (Number(value) < 0) throw overflowError("can't convert negative int to unsigned");
  const hex = BigInt(value).toString(16);
  const digits = hex.length % 2 ? `0${hex}` : hex;
  const bytes = digits.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? [];
  const significant = bytes[0] === 0 ? bytes.slice(1) : bytes;
  if (significant.length > length) throw overflowError('int too big to convert');
  const all = [...Array.from({ length: length - significant.length }, () => 0), ...significant];
  return new PyBytes(Uint8Array.from(order === 'big' ? all : all.reverse()));
}

export const INT_METHODS: ReadonlyMap<string, Method<Int>> = new Map<string, Method<Int>>([
  method('bit_length()', (self) => bitLength(BigInt(self))),
  method('bit_count()', bitCount),
  method('conjugate()', (self) => int(BigInt(self))),
  method('as_integer_ratio()', (self) => new PyTuple([int(BigInt(self)), 1])),
  method('to_bytes(length?, byteorder?)', (self, [length, order = 'big'], budget) => {
    budget.output(whole(length, 1));
    return toBytes(self, whole(length, 1), text(order));
  }),
]);

type Float = number | PyFloat;

function integerRatio(value: number): PyTuple {
  if (Number.isNaN(value)) throw valueError('cannot convert NaN to integer ratio');
  if (!Number.isFinite(value)) throw overflowError('cannot convert Infinity to integer ratio');
  let top = value;
  let bottom = 1n;
  while (!Number.isInteger(top)) {
    top *= 2;
    bottom *= 2n;
  }
  return new PyTuple([int(BigInt(top)), int(bottom)]);
}

/** `float.hex`. */
function hexadecimal(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const fraction = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  if (value === 0) return `${sign}0x0.0p+0`;
  const power = exponent === 0 ? -1022 : exponent - 1023;
  return `${sign}0x${exponent === 0 ? 0 : 1}.${fraction}p${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}

export const FLOAT_METHODS: ReadonlyMap<string, Method<Float>> = new Map<string, Method<Float>>([
  method('is_integer()', (self) => Number.isInteger(toNumber(self))),
  method('as_integer_ratio()', (self) => integerRatio(toNumber(self))),
  method('hex()', (self) => hexadecimal(toNumber(self))),
  method('conjugate()', (self) => self),
]);
