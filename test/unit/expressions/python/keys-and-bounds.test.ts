import { Budget } from '../../../../src/expressions/budget';
import { isPythonError } from '../../../../src/expressions/errors';
import { arithmetic } from '../../../../src/expressions/python/arithmetic';
import { equals } from '../../../../src/expressions/python/compare';
import { dumps, toJson } from '../../../../src/expressions/python/json';
import { isIterable } from '../../../../src/expressions/python/iterate';
import { callMethod, hasMethod } from '../../../../src/expressions/python/methods';
import { makeRange } from '../../../../src/expressions/python/range';
import { sorted } from '../../../../src/expressions/python/sort';
import { repr, str } from '../../../../src/expressions/python/text';
import { dictGet, dictHas, float, PyDict, PySet, PyTuple, setKey } from '../../../../src/expressions/python/values';
import { Undefined } from '../../../../src/expressions/python/lookups';
import type { PlainDict, Value } from '../../../../src/expressions/python/values';
import { errorCode } from '../../../../src/model/errors';

const call = (receiver: Value, name: string, ...positional: Value[]): Value =>
  callMethod(receiver, name, { positional, named: new Map(), budget: new Budget() });

function codeOf(work: () => unknown): string | null {
  try {
    work();
  } catch (error) {
    return errorCode(error);
  }
  return 'nothing was thrown';
}

test('equal keys are one key, whatever their type', () => {
  const dict = new PyDict([
    [1, 'a'],
    [float(1), 'b'],
    [true, 'c'],
    ['1', 'd'],
    [new PyTuple([1, 'x']), 'e'],
    [new PyTuple([float(1), 'x']), 'f'],
  ]);
  expect(repr(dict)).toBe("{1: 'c', '1': 'd', (1, 'x'): 'f'}");
  expect(new PySet([new PySet([1, 2], true), new PySet([2, 1], true)]).length()).toBe(1);
  expect(
    isPythonError(
      attempt(() => dict.get([])),
      'TypeError',
    ),
  ).toBe(true);
});

test('parts of a composite key do not run into each other', () => {
  const keys = [
    new PyTuple(['a', 'b']),
    new PyTuple(['ab']),
    new PyTuple(['a,b']),
    new PyTuple([new PyTuple(['a']), 'b']),
  ];
  expect(new PySet(keys).length()).toBe(4);
  expect(new PySet(['\0t', '\0s\0t', new PyTuple([])]).length()).toBe(3);
});

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test.each(['__proto__', 'constructor', '__class__', 'toString', 'hasOwnProperty', '__defineGetter__'])(
  '%s reaches nothing of the host',
  (name) => {
    const plain: PlainDict = JSON.parse('{"a": 1}') as PlainDict;
    const receivers: Value[] = [plain, new PyDict(), [], 'text', 1, float(1), new PyTuple([]), new PySet(), null, true];
    for (const receiver of receivers) {
      expect(hasMethod(receiver, name)).toBe(false);
      expect(
        isPythonError(
          attempt(() => call(receiver, name)),
          'AttributeError',
        ),
      ).toBe(true);
    }
    expect(dictHas(plain, name)).toBe(false);
    expect(
      isPythonError(
        attempt(() => call(`{0.${name}}`, 'format', plain)),
        'AttributeError',
      ),
    ).toBe(true);
    setKey(plain, name, 'own');
    expect(dictGet(plain, name)).toBe('own');
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
    expect(Object.hasOwn(toJson(plain) as object, name)).toBe(true);
  },
);

test('a value that contains itself many times over is bounded wherever it is walked through', () => {
  let value: Value = [1];
  for (let level = 0; level < 60; level += 1) value = [value, value];
  const other = structuredClone([value])[0] as Value;
  for (const walk of [() => str(value), () => dumps(value), () => toJson(value), () => equals(value, other)]) {
    expect(codeOf(walk)).toBe('EXPRESSION_BOUND');
  }
  const endless: Value[] = [];
  endless.push(endless);
  for (const walk of [() => str(endless), () => dumps(endless), () => toJson(endless)]) {
    expect(codeOf(walk)).toBe('EXPRESSION_BOUND');
  }
});

test.each<[string, (budget: Budget) => unknown]>([
  ['text times a number', (budget) => arithmetic('*', 'ab', 10 ** 9, budget)],
  ['a list times a number', (budget) => arithmetic('*', [1], 10 ** 9, budget)],
  ['a power of integers', (budget) => arithmetic('**', 10, 10 ** 9, budget)],
  ['padding', (budget) => callMethod('a', 'ljust', { positional: [10 ** 9], named: new Map(), budget })],
  ['a width in a format', (budget) => arithmetic('%', '%1000000000d', 1, budget)],
  [
    'many replacements',
    (budget) =>
      callMethod('a'.repeat(5000), 'replace', { positional: ['a', 'b'.repeat(5000)], named: new Map(), budget }),
  ],
])('%s is bounded before it is made', (_what, work) => {
  expect(codeOf(() => work(new Budget()))).toBe('EXPRESSION_BOUND');
});

test('a missing value says which it was when it is used', () => {
  const missing = new Undefined("'x' is undefined");
  for (const use of [() => str(missing), () => equals(missing, 1), () => toJson([missing])]) {
    expect(attempt(use)).toMatchObject({
      code: 'EXPRESSION_FAILED',
      message: "'x' is undefined",
      type: 'UndefinedError',
    });
  }
});

test('sorting is stable in both directions and calls its key once for each item', () => {
  let calls = 0;
  const items = ['bb', 'a', 'cc', 'd'];
  const key = (item: Value): Value => ((calls += 1), (item as string).length);
  expect(sorted(items, { key })).toEqual(['a', 'd', 'bb', 'cc']);
  expect(calls).toBe(4);
  expect(sorted(items, { key, reverse: true })).toEqual(['bb', 'cc', 'a', 'd']);
  expect(
    isPythonError(
      attempt(() => sorted([1, 'a'])),
      'TypeError',
    ),
  ).toBe(true);
});

test('a range is iterable and shown as written', () => {
  expect(isIterable(makeRange([3]))).toBe(true);
  expect([...makeRange([5, 0, -2]).iterate()]).toEqual([5, 3, 1]);
  expect(str(makeRange([1, 4]))).toBe('range(1, 4)');
});
