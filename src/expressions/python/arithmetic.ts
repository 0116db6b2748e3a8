import type { Budget } from '../budget';
import { typeError } from '../errors';
import { percentFormat } from './percent-format';
import { floatOperation } from './float-arithmetic';
import { intOperation } from './int-arithmetic';
import {
  isFloat,
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
import type { Value } from './values';

export type NumberOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type BinaryOperator = NumberOperator | '|' | '&' | '^';

/**
 * Python's binary operators. Throws TypeError on operands that don't fit, ZeroDivisionError, OverflowError, ValueError, and EXPRESSION_BOUND
 * for a result beyond the budget.
 */
export function arithmetic(operator: BinaryOperator, a: Value, b: Value, budget: Budget): Value {
  const [left, right] = [plain(a), plain(b)];
  if (isNumber(left) && isNumber(right)) {
    const result = numbers(operator, left, right);
    if (typeof result === 'bigint' && (result > HUGE || result < -HUGE)) budget.step(HUGE_STEPS);
    return result;
  }
  const result = sequences(operator, left, right, budget) ?? objects(operator, left, right);
  if (result !== undefined) return result;
  throw unsupported(operator, left, right);
}

/** Integers of more than 256 bits take their time. */
const HUGE = 2n ** 256n;
const HUGE_STEPS = 40;

function numbers(operator: BinaryOperator, a: Value, b: Value): Value {
  const [left, right] = [unboxed(a), unboxed(b)];
  if (operator === '|' || operator === '&' || operator === '^') return bitwise(operator, a, b);
  if (isFloat(a) || isFloat(b)) return floatOperation(operator, left, right);
  return intOperation(operator, left, right);
}

/** An int as number or bigint, a float (also an integral one) as number. */
function unboxed(value: Value): number | bigint {
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'bigint' ? value : Number(value);
}

function bitwise(operator: '|' | '&' | '^', a: Value, b: Value): Value {
  if (typeof a === 'boolean' && typeof b === 'boolean') {
    return operator === '&' ? a && b : operator === '|' ? a || b : a !== b;
  }
  if (isFloat(a) || isFloat(b)) throw unsupported(operator, a, b);
  return intOperation(operator, unboxed(a), unboxed(b));
}

function unsupported(operator: string, left: Value, right: Value): Error {
  const shown = operator === '**' ? '** or pow()' : operator;
  return typeError(`unsupported operand type(s) for ${shown}: '${typeName(left)}' and '${typeName(right)}'`);
}

function sequences(operator: BinaryOperator, left: Value, right: Value, budget: Budget): Value | undefined {
  if (operator === '+') return concatenated(left, right, budget);
  if (operator === '%' && typeof left === 'string') return percentFormat(left, right, budget);
  if (operator !== '*') return undefined;
  if (isSequence(left)) return repeated(left, right, budget);
  return isSequence(right) ? repeated(right, left, budget) : undefined;
}

type Sequence = string | Value[] | PyTuple | PyBytes;

function isSequence(value: Value): value is Sequence {
  return typeof value === 'string' || Array.isArray(value) || value instanceof PyTuple || value instanceof PyBytes;
}

function concatenated(left: Value, right: Value, budget: Budget): Value | undefined {
  if (!isSequence(left)) return undefined;
  if (typeof left === 'string' && typeof right === 'string') {
    budget.output(left.length + right.length);
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    budget.step(left.length + right.length);
    return [...left, ...right];
  }
  if (left instanceof PyTuple && right instanceof PyTuple) {
    budget.step(left.items.length + right.items.length);
    return new PyTuple([...left.items, ...right.items]);
  }
  if (left instanceof PyBytes && right instanceof PyBytes) {
    return new PyBytes(Uint8Array.from([...left.bytes, ...right.bytes]));
  }
  if (left instanceof PyBytes) throw typeError(`can't concat ${typeName(right)} to bytes`);
  const type = typeName(left);
  throw typeError(`can only concatenate ${type} (not "${typeName(right)}") to ${type}`);
}

function repeated(value: Sequence, count: Value, budget: Budget): Value {
  if (!isInt(count) && typeof count !== 'boolean')
    throw typeError(`can't multiply sequence by non-int of type '${typeName(count)}'`);
  const times = Math.max(0, Number(count));
  if (typeof value === 'string') {
    budget.output(value.length * times);
    return value.length === 0 ? '' : value.repeat(times);
  }
  if (value instanceof PyBytes) {
    budget.output(value.bytes.length * times);
    const bytes = new Uint8Array(value.bytes.length * times);
    for (let index = 0; index < times && value.bytes.length > 0; index += 1)
      bytes.set(value.bytes, index * value.bytes.length);
    return new PyBytes(bytes);
  }
  const items = value instanceof PyTuple ? value.items : value;
  budget.step(items.length * times);
  const many = items.length === 0 ? [] : Array.from({ length: times }, () => items).flat(1);
  return value instanceof PyTuple ? new PyTuple(many) : many;
}

/** Sets, dicts' union, and whatever a language's own object does. */
function objects(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  if (left instanceof PySet && right instanceof PySet) return sets(operator, left, right);
  if (operator === '|' && left instanceof PyDict && right instanceof PyDict) {
    return new PyDict([...left.entries(), ...right.entries()]);
  }
  const own = left instanceof PyObject ? left.binary?.(operator, right, false) : undefined;
  return own ?? (right instanceof PyObject ? right.binary?.(operator, left, true) : undefined);
}

function sets(operator: BinaryOperator, left: PySet, right: PySet): Value | undefined {
  const [a, b] = [left.items, right.items];
  switch (operator) {
    case '-':
      return new PySet(
        a.filter((item) => !right.has(item)),
        left.frozen,
      );
    case '&':
      return new PySet(
        a.filter((item) => right.has(item)),
        left.frozen,
      );
    case '|':
      return new PySet([...a, ...b], left.frozen);
    case '^':
      return new PySet([...a.filter((item) => !right.has(item)), ...b.filter((item) => !left.has(item))], left.frozen);
    default:
      return undefined;
  }
}

/** Python's unary `-`, `+`. Throws TypeError. */
export function signed(operator: '-' | '+', operand: Value): Value {
  const value = plain(operand);
  if (isNumber(value)) return numbers('*', value, operator === '-' ? -1 : 1);
  if (value instanceof PyObject && value.binary) {
    const result = operator === '-' ? value.binary('*', -1, false) : value;
    if (result !== undefined) return result;
  }
  throw typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
}
