import { Budget } from '../budget';
import { typeError, valueError } from '../errors';
import {
  dictEntries,
  dictGet,
  dictHas,
  dictSize,
  isDict,
  isInt,
  isNumber,
  plain,
  PyBytes,
  PyDict,
  PyFloat,
  PyObject,
  PySet,
  PyTuple,
  typeName,
} from './values';
import type { Dict, Value } from './values';

export type Ordering = '<' | '<=' | '>' | '>=';

/** Python's `==`: deep; True equals 1 equals 1.0, text never equals a number, a list never a tuple. */
export function equals(a: Value, b: Value, budget?: Budget): boolean {
  const [left, right] = [plain(a), plain(b)];
  if (isNumber(left)) return isNumber(right) && numeric(left) == numeric(right);
  if (typeof left !== 'object' || left === null || left === right) return left === right;
  if (typeof right !== 'object' || right === null) {
    return left instanceof PyObject && left.equals ? left.equals(right, budget ?? new Budget()) : false;
  }
  return equalObjects(left, right, budget ?? new Budget());
}

function equalObjects(left: object & Value, right: object & Value, budget: Budget): boolean {
  budget.step();
  return budget.nested(() => {
    if (Array.isArray(left)) return Array.isArray(right) && sameItems(left, right, budget);
    if (isDict(left)) return isDict(right) && sameEntries(left, right, budget);
    return equalOthers(left, right, budget);
  });
}

function equalOthers(left: PyObject, right: object & Value, budget: Budget): boolean {
  if (left instanceof PyTuple) return right instanceof PyTuple && sameItems(left.items, right.items, budget);
  if (left instanceof PySet && right instanceof PySet) return left.length() === right.length() && within(left, right);
  if (left instanceof PyBytes) return right instanceof PyBytes && left.bytes.join() === right.bytes.join();
  return equalByHook(left, right, budget);
}

function equalByHook(left: PyObject, right: object & Value, budget: Budget): boolean {
  if (left.equals) return left.equals(right, budget);
  return right instanceof PyObject && right.equals !== undefined && right.equals(left, budget);
}

function sameItems(a: readonly Value[], b: readonly Value[], budget: Budget): boolean {
  return a.length === b.length && a.every((item, index) => equals(item, b[index] as Value, budget));
}

function sameEntries(a: Dict, b: Dict, budget: Budget): boolean {
  if (dictSize(a) !== dictSize(b)) return false;
  return dictEntries(a).every(([key, value]) => {
    const other = dictGet(b, key);
    return other !== undefined && equals(value, other, budget);
  });
}

const within = (a: PySet, b: PySet): boolean => a.items.every((item) => b.has(item));

/** A number as JavaScript compares it exactly, a bigint beyond what a number holds. */
function numeric(value: boolean | number | bigint | PyFloat): number | bigint {
  if (typeof value === 'bigint') return value;
  return value instanceof PyFloat ? value.value : Number(value);
}

/**
 * Python's ordering: negative, zero, positive, or NaN where nothing holds. Throws TypeError, naming `operator`, when the types have no
 * order.
 */
export function compare(a: Value, b: Value, operator: Ordering = '<'): number {
  return order(plain(a), plain(b), { operator, budget: undefined });
}

interface Asked {
  operator: Ordering;
  budget: Budget | undefined;
}

function order(left: Value, right: Value, asked: Asked): number {
  if (isNumber(left) && isNumber(right)) return orderNumbers(numeric(left), numeric(right));
  if (typeof left === 'string' && typeof right === 'string') return orderText(left, right);
  const items = itemsOf(left, right);
  if (items) return orderItems(items[0], items[1], asked);
  const own = left instanceof PyObject && left.compare ? left.compare(right) : undefined;
  if (own !== undefined) return own;
  const { operator } = asked;
  throw typeError(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
}

/** The items of two values of one ordered sequence type. */
function itemsOf(left: Value, right: Value): [readonly Value[], readonly Value[]] | null {
  if (Array.isArray(left)) return Array.isArray(right) ? [left, right] : null;
  if (left instanceof PyTuple) return right instanceof PyTuple ? [left.items, right.items] : null;
  if (left instanceof PyBytes && right instanceof PyBytes) return [Array.from(left.bytes), Array.from(right.bytes)];
  return null;
}

function orderNumbers(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : a == b ? 0 : NaN;
}

function orderItems(a: readonly Value[], b: readonly Value[], asked: Asked): number {
  const budget = asked.budget ?? new Budget();
  return budget.nested(() => {
    for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
      const [x, y] = [a[index] as Value, b[index] as Value];
      budget.step();
      if (!equals(x, y, budget)) return order(plain(x), plain(y), { ...asked, budget });
    }
    return a.length - b.length;
  });
}

/** By code point, as Python compares text. */
function orderText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  let index = 0;
  while (index < shared && left.charCodeAt(index) === right.charCodeAt(index)) index += 1;
  if (index === shared) return left.length - right.length;
  const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)];
  const surrogates = a >= 0xd800 && b >= 0xd800;
  return surrogates ? rank(left, index) - rank(right, index) : a - b;
}

/** The code point at a UTF-16 position that may be the second half of a pair; a differing second half decides by itself. */
function rank(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 0xdc00 && code <= 0xdfff && index > 0) {
    const lead = text.charCodeAt(index - 1);
    if (lead >= 0xd800 && lead <= 0xdbff) return text.codePointAt(index - 1) as number;
  }
  return text.codePointAt(index) as number;
}

/** Python's `a < b` and its kin; for sets they mean subset and superset. */
export function ordered(operator: Ordering, a: Value, b: Value): boolean {
  const [left, right] = [plain(a), plain(b)];
  if (left instanceof PySet && right instanceof PySet) return orderedSets(operator, left, right);
  const difference = order(left, right, { operator, budget: undefined });
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

function orderedSets(operator: Ordering, a: PySet, b: PySet): boolean {
  const [small, large] = operator.startsWith('<') ? [a, b] : [b, a];
  return within(small, large) && (operator.endsWith('=') || small.length() < large.length());
}

/** Python's `needle in container`. Throws TypeError when the container can't contain. */
export function contains(container: Value, needle: Value, budget?: Budget): boolean {
  const [inside, item] = [plain(container), plain(needle)];
  if (typeof inside === 'string') {
    if (typeof item === 'string') return inside.includes(item);
    throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  const among = (items: Iterable<Value>): boolean => {
    const counted = budget ?? new Budget();
    for (const each of items) if ((counted.step(), equals(each, item, counted))) return true;
    return false;
  };
  if (Array.isArray(inside)) return among(inside);
  if (isDict(inside)) return dictHas(inside, item);
  if (inside instanceof PySet) return inside.has(item);
  if (inside instanceof PyBytes) return bytesContain(inside, item);
  if (inside instanceof PyObject && inside.contains) return inside.contains(item, budget ?? new Budget());
  if (inside instanceof PyObject && inside.iterate) return among(inside.iterate());
  throw typeError(`argument of type '${typeName(inside)}' is not iterable`);
}

function bytesContain(bytes: PyBytes, item: Value): boolean {
  const text = String.fromCharCode(...bytes.bytes);
  if (item instanceof PyBytes) return text.includes(String.fromCharCode(...item.bytes));
  if (isInt(item) || typeof item === 'boolean') {
    if (Number(item) < 0 || Number(item) > 255) throw valueError('byte must be in range(0, 256)');
    return bytes.bytes.includes(Number(item));
  }
  throw typeError(`a bytes-like object is required, not '${typeName(item)}'`);
}

/** Python's truth of a value. Throws UndefinedError for a missing one. */
export function truth(value: Value): boolean {
  if (typeof value === 'object' && value !== null) return truthOfObject(value);
  return Boolean(value) || Number.isNaN(value);
}

function truthOfObject(value: object & Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof PyDict || !(value instanceof PyObject)) return dictSize(value) > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  plain(value);
  if (value.truth) return value.truth();
  return value.length ? value.length() > 0 : true;
}
