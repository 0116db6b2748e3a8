import { failed } from '../../errors';
import { equals, ordered, truth } from '../../python/compare';
import type { Value } from '../../python/values';
import type { Context } from '../context';
import { declare } from '../signature';
import type { Args, Lambda, Rule } from '../signature';
import { items, YaqlFunction, YaqlIterator } from '../values';

const child = (args: Args): Context => args.env.context.child();

function* eachTrue(args: Args): Generator<Value> {
  for (const [index, test] of args.rest<Lambda>(0).entries()) if (truth(test([]))) yield index;
}
function* examined(args: Args): Generator<Value> {
  for (const test of args.rest<Lambda>(0)) yield truth(test([]));
}

function unpacked(args: Args): Context {
  const names = args.rest(1) as string[];
  const context = child(args);
  const values = [...items(args.value(0), args.env.budget)];
  if (names.length > 0 && names.length !== values.length)
    throw failed(`Cannot unpack ${values.length} elements into ${names.length}`, 'ValueError');
  values.forEach((value, index) => context.set(names[index] ?? String(index + 1), value));
  return context;
}

/** Names, branches and calls. */
export const SYSTEM = [
  declare('function', '*equal(left: any, right: any)', (args) => equals(args.value(0), args.value(1), args.env.budget)),
  declare(
    'function',
    '*not_equal(left: any, right: any)',
    (args) => !equals(args.value(0), args.value(1), args.env.budget),
  ),
  declare('function', '#unary_operator_not(arg: any)', (args) => !truth(args.value(0))),
  declare('function', 'bool(value: any)', (args) => truth(args.value(0))),
  declare('function', 'isBoolean(value: any)', (args) => typeof args.value(0) === 'boolean'),
  declare('function', 'switch(*args: rule)', (args) => {
    for (const { source, destination } of args.rest<Rule>(0)) if (truth(source([]))) return destination([]);
    return null;
  }),
  declare('function', 'selectCase(*args: lambda)', (args) => {
    const tests = args.rest<Lambda>(0);
    const found = tests.findIndex((test) => truth(test([])));
    return found < 0 ? tests.length : found;
  }),
  declare('function', 'selectAllCases(*args: lambda)', (args) => new YaqlIterator(eachTrue(args))),
  declare('function', 'examine(*args: lambda)', (args) => new YaqlIterator(examined(args))),
  declare('method', 'switchCase(case: int, *args: lambda)', (args) => {
    const cases = args.rest<Lambda>(1);
    return (cases[args.number(0)] ?? cases.at(-1))?.([]) ?? null;
  }),
  declare('function', 'coalesce(*args: lambda)', (args) => {
    for (const arg of args.rest<Lambda>(0)) {
      const value = arg([]);
      if (value !== null) return value;
    }
    return null;
  }),
  declare('function', 'with(*args: any)', (args) => args.env.context.child(args.rest(0))),
  declare('function', 'let(*args: any, **)', (args) => {
    const context = args.env.context.child(args.rest(0));
    for (const [name, value] of args.named) context.set(name, value);
    return context;
  }),
  declare('method', 'unpack(sequence: iter, *names: str)', unpacked),
  declare('function', '#operator_->(left: context, right: lambda)', (args) =>
    args.lambda(1)([], args.value(0) as unknown as Context),
  ),
  declare('function', 'def(name: str, func: lambda)', (args) => {
    const context = child(args);
    context.define(args.text(0), (values) => args.lambda(1)(values, context));
    return context;
  }),
  declare('function', 'lambda(func: lambda)', (args) => new YaqlFunction((values) => args.lambda(0)(values))),
  declare('method', 'assert(obj: any, condition: lambda, message: str=)', (args) => {
    if (truth(args.lambda(1)([args.value(0)]))) return args.value(0);
    throw failed(args.textOr(2, 'Assertion failed') ?? '', 'AssertionError');
  }),
  declare('function', 'call(name: str, args: seq, kwargs: map)', (args) =>
    args.env.call(args.text(0), [...items(args.value(1), args.env.budget)]),
  ),
  declare('method', 'call(receiver: any, name: str, args: seq, kwargs: map)', (args) =>
    args.env.callMethod(args.text(1), args.value(0), [...items(args.value(2), args.env.budget)]),
  ),
  declare('function', '#operator_.(obj: any, name: str)', (args) =>
    args.env.call(`#property#${args.text(1)}`, [args.value(0)]),
  ),
  ...(['<', '<=', '>', '>='] as const).flatMap((operator) => [
    ...['num', 'str', 'set'].map((type) =>
      declare('function', `#operator_${operator}(left: ${type}, right: ${type})`, (args) =>
        ordered(operator, args.value(0), args.value(1)),
      ),
    ),
    declare('function', `#operator_${operator}(left: any, right: any)`, (args) => withNull(operator, args)),
  ]),
];

/** Null is less than everything else. */
function withNull(operator: string, args: Args): Value {
  const [left, right] = [args.value(0), args.value(1)];
  if (left !== null && right !== null)
    throw failed(`No function "#operator_${operator}" matches supplied arguments`, 'NoMatchingFunctionException');
  if (left === null && right === null) return operator.endsWith('=');
  return (left === null) === operator.startsWith('<');
}
