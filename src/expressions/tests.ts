import { failed } from './errors';
import type { Given } from './filters/filter';
import { compare, contains, equals } from './python/compare';
import { isDict, Undefined } from './python/values';
import type { Value } from './python/values';

type Test = (input: Value, given: Given) => boolean;

const remainder = (input: Value, by: Value): number => {
  if (typeof input !== 'number' || typeof by !== 'number' || by === 0) throw failed('a number is required');
  return input % by;
};

/** Jinja's tests, `x is name`. */
const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['none', (input) => input === null],
  ['string', (input) => typeof input === 'string'],
  ['number', (input) => typeof input === 'number' || typeof input === 'boolean'],
  ['integer', (input) => typeof input === 'number' && Number.isInteger(input)],
  ['float', (input) => typeof input === 'number' && !Number.isInteger(input)],
  ['boolean', (input) => typeof input === 'boolean'],
  ['true', (input) => input === true],
  ['false', (input) => input === false],
  ['mapping', (input) => isDict(input)],
  ['sequence', (input) => Array.isArray(input) || typeof input === 'string' || isDict(input)],
  ['iterable', (input) => Array.isArray(input) || typeof input === 'string' || isDict(input)],
  ['even', (input) => remainder(input, 2) === 0],
  ['odd', (input) => remainder(input, 2) !== 0],
  ['divisibleby', (input, given) => remainder(input, given.value(0, 'num')) === 0],
  ['equalto', (input, given) => equals(input, given.value(0, 'other'))],
  ['eq', (input, given) => equals(input, given.value(0, 'other'))],
  ['ne', (input, given) => !equals(input, given.value(0, 'other'))],
  ['lt', (input, given) => compare(input, given.value(0, 'other')) < 0],
  ['gt', (input, given) => compare(input, given.value(0, 'other'), '>') > 0],
  ['in', (input, given) => contains(given.value(0, 'seq'), input)],
]);

/** Asks a test by name. Throws EXPRESSION_FAILED. */
export function applyTest(name: string, input: Value, given: Given): boolean {
  if (name === 'defined') return !(input instanceof Undefined);
  if (name === 'undefined') return input instanceof Undefined;
  const test = TESTS.get(name);
  if (!test) throw failed(`No test named '${name}'.`);
  if (input instanceof Undefined) throw failed(input.reason);
  return test(input, given);
}
