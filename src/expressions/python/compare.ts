import { failed } from '../errors';
import { isDict, KeyLookup, typeName, Undefined } from './values';
import type { Value } from './values';

const plain = (value: Value): Value => {
  if (value instanceof Undefined) throw failed(value.reason);
  if (value instanceof KeyLookup) return value.text;
  return typeof value === 'boolean' ? Number(value) : value;
};

/** Python's `==`: deep, True equals 1, text never equals a number. */
export function equal(a: Value, b: Value): boolean {
  const [left, right] = [plain(a), plain(b)];
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index] as Value));
  }
  if (isDict(left) && isDict(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equal(left[key] as Value, right[key] as Value))
    );
  }
  return left === right;
}

/** Python's ordering: negative, zero, positive. Throws EXPRESSION_FAILED when the types have no order. */
export function order(a: Value, b: Value, operator = '<'): number {
  const [left, right] = [plain(a), plain(b)];
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return orderText(left, right);
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
      const [x, y] = [left[index] as Value, right[index] as Value];
      if (!equal(x, y)) return order(x, y, operator);
    }
    return left.length - right.length;
  }
  throw failed(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

/** By code point, as Python compares text. */
function orderText(left: string, right: string): number {
  if (left === right) return 0;
  const [x, y] = [Array.from(left), Array.from(right)];
  for (let index = 0; index < Math.min(x.length, y.length); index += 1) {
    const difference = (x[index] as string).codePointAt(0)! - (y[index] as string).codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

/** Python's `needle in container`. Throws EXPRESSION_FAILED when the container can't contain. */
export function contains(container: Value, needle: Value): boolean {
  const [inside, item] = [plain(container), plain(needle)];
  if (typeof inside === 'string') {
    if (typeof item === 'string') return inside.includes(item);
    throw failed(`'in <string>' requires string as left operand, not ${typeName(needle)}`);
  }
  if (Array.isArray(inside)) return inside.some((each) => equal(each, item));
  if (!isDict(inside)) throw failed(`argument of type '${typeName(container)}' is not iterable`);
  if (Array.isArray(item) || isDict(item)) throw failed(`unhashable type: '${typeName(needle)}'`);
  return typeof item === 'string' && Object.hasOwn(inside, item);
}
