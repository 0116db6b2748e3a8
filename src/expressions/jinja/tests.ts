import { arithmetic } from '../python/arithmetic';
import { allOfCase } from '../python/case';
import { contains, equals, ordered } from '../python/compare';
import type { Ordering } from '../python/compare';
import { isIterable, length } from '../python/iterate';
import { str } from '../python/text';
import { hashKey, isDict, isFloat, isInt, isNumber, plain, PyBytes, PyTuple } from '../python/values';
import { Undefined } from '../python/lookups';
import type { Value } from '../python/values';
import { PyRange } from '../python/range';
import { Callable } from './callable';
import type { Test } from './environment';
import { test } from './filters/declare';
import { Markup } from './markup';
import type { Run } from './run';

const isOne = (name: string, body: (value: Value, run: Run) => boolean): [string, Test] =>
  test(`${name}(value)`, ([value = null], run) => body(value, run));

const withOther = (
  names: readonly string[],
  body: (value: Value, other: Value, run: Run) => boolean,
): [string, Test][] =>
  names.map((name) => test(`${name}(value, other)`, ([value = null, other = null], run) => body(value, other, run)));

const inOrder = (names: readonly string[], operator: Ordering): [string, Test][] =>
  withOther(names, (value, other) => ordered(operator, value, other));

const remainder = (value: Value, by: Value, run: Run): Value => arithmetic('%', value, by, run.budget);

/** The same object; small values are the same when they are equal and of one type. */
function same(value: Value, other: Value): boolean {
  if (typeof value === 'object' && value !== null) return value === other;
  return Object.is(value, other) && !isFloat(value);
}

function isSequence(value: Value): boolean {
  if (typeof value === 'string' || Array.isArray(value) || isDict(value)) return true;
  return (value instanceof PyTuple || value instanceof PyBytes || value instanceof PyRange) && length(value) >= 0;
}

/** Jinja's tests, `x is name`. */
export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  test('defined(value!)', ([value]) => !(value instanceof Undefined)),
  test('undefined(value!)', ([value]) => value instanceof Undefined),
  isOne('odd', (value, run) => equals(remainder(value, 2, run), 1)),
  isOne('even', (value, run) => equals(remainder(value, 2, run), 0)),
  test('divisibleby(value, num)', ([value = null, by = null], run) => equals(remainder(value, by, run), 0)),
  test('filter(value)', ([value = null], { environment }) => environment.filters.has(hashKey(value) as string)),
  test('test(value)', ([value = null], { environment }) => environment.tests.has(hashKey(value) as string)),
  test('none(value!)', ([value]) => value === null),
  test('boolean(value!)', ([value]) => typeof value === 'boolean'),
  test('true(value!)', ([value]) => value === true),
  test('false(value!)', ([value]) => value === false),
  test('integer(value!)', ([value]) => isInt(value)),
  test('float(value!)', ([value]) => isFloat(value)),
  test('number(value!)', ([value]) => isNumber(value)),
  test('string(value!)', ([value]) => typeof value === 'string' || value instanceof Markup),
  test('mapping(value!)', ([value]) => isDict(value)),
  isOne('lower', (value, run) => allOfCase(str(value, run.budget), 'lower')),
  isOne('upper', (value, run) => allOfCase(str(value, run.budget), 'upper')),
  test('sequence(value!)', ([value = null]) => !(value instanceof Undefined) && isSequence(plain(value))),
  isOne('iterable', isIterable),
  test('callable(obj!)', ([value]) => value instanceof Callable || value instanceof Undefined),
  test('escaped(value!)', ([value]) => value instanceof Markup),
  test('sameas(value!, other!)', ([value = null, other = null]) => same(value, other)),
  test('in(value, seq)', ([value = null, seq = null], run) => contains(seq, value, run.budget)),
  ...withOther(['==', 'eq', 'equalto'], (value, other, run) => equals(value, other, run.budget)),
  ...withOther(['!=', 'ne'], (value, other, run) => !equals(value, other, run.budget)),
  ...inOrder(['>', 'gt', 'greaterthan'], '>'),
  ...inOrder(['>=', 'ge'], '>='),
  ...inOrder(['<', 'lt', 'lessthan'], '<'),
  ...inOrder(['<=', 'le'], '<='),
]);
