import { arithmetic, signed } from '../../python/arithmetic';
import { ordered } from '../../python/compare';
import { floatOf, toInt } from '../../python/convert';
import { round } from '../../python/rounding';
import { failed } from '../../errors';
import { float, int, isFloat, isInt, toNumber } from '../../python/values';
import type { Value } from '../../python/values';
import { declare } from '../signature';
import type { Args } from '../signature';

const binary = (operator: '+' | '-' | '*' | '/' | '//' | '%') => (args: Args) =>
  arithmetic(operator, args.value(0), args.value(1), args.env.budget);
const big = (value: Value): bigint => BigInt(value as number | bigint);
const MAX_SHIFT = 10_000n;

const bits = (name: string, act: (a: bigint, b: bigint) => bigint) =>
  declare('function', `${name}(left: int, right: int)`, (args) => int(act(big(args.value(0)), big(args.value(1)))));

function shift(a: bigint, b: bigint): bigint {
  if (b < 0n) throw failed('negative shift count', 'ValueError');
  if (b > MAX_SHIFT) throw failed('too many digits in integer', 'OverflowError');
  return a << b;
}

function power(args: Args): Value {
  const value = arithmetic('**', args.value(0), args.value(1), args.env.budget);
  return args.has(2) && args.value(2) !== null ? arithmetic('%', value, args.value(2), args.env.budget) : value;
}

/** Greater by YAQL's own operator, which knows null. */
const greater = (args: Args, a: Value, b: Value): boolean => args.env.call('#operator_>', [a, b]) === true;

function chance(args: Args): number {
  const { chance: source } = args.env.outside;
  if (!source) throw failed('random() needs chance from outside', 'RuntimeError');
  return source();
}

/** Arithmetic. */
export const NUMBERS = [
  declare('function', '#operator_+(left: num, right: num)', binary('+')),
  declare('function', '#operator_-(left: num, right: num)', binary('-')),
  declare('function', '#operator_*(left: num, right: num)', binary('*')),
  declare('function', '#operator_/(left: num, right: num)', (args) =>
    binary(isInt(args.value(0)) && isInt(args.value(1)) ? '//' : '/')(args),
  ),
  declare('function', '#operator_mod(left: num, right: num)', binary('%')),
  declare('function', '#unary_operator_+(op: num)', (args) => args.value(0)),
  declare('function', '#unary_operator_-(op: num)', (args) => signed('-', args.value(0))),
  declare('function', 'abs(op: num)', (args) =>
    ordered('<', args.value(0), 0) || Object.is(args.value(0), float(-0)) ? signed('-', args.value(0)) : args.value(0),
  ),
  declare('function', 'int(value: any)', (args) => (args.value(0) === null ? 0 : toInt(args.value(0)))),
  declare('function', 'float(value: any)', (args) => (args.value(0) === null ? float(0) : floatOf(args.value(0)))),
  declare('function', 'random()', (args) => float(chance(args))),
  declare('function', 'random(from: int, to: int)', (args) => {
    const [low, high] = [big(args.value(0)), big(args.value(1))];
    if (high < low)
      throw failed(`empty range for randrange() (${low}, ${high + 1n}, ${high - low + 1n})`, 'ValueError');
    return int(low + BigInt(Math.floor(chance(args) * Number(high - low + 1n))));
  }),
  bits('bitwiseAnd', (a, b) => a & b),
  bits('bitwiseOr', (a, b) => a | b),
  bits('bitwiseXor', (a, b) => a ^ b),
  bits('shiftBitsRight', (a, b) => (b < 0n ? shift(a, b) : a >> (b > MAX_SHIFT ? MAX_SHIFT : b))),
  bits('shiftBitsLeft', shift),
  declare('function', 'bitwiseNot(arg: int)', (args) => int(~big(args.value(0)))),
  declare('function', 'max(a: any, b: any)', (args) => {
    const [a, b] = [args.value(0), args.value(1)];
    return greater(args, b, a) ? b : a;
  }),
  declare('function', 'min(a: any, b: any)', (args) => {
    const [a, b] = [args.value(0), args.value(1)];
    return greater(args, b, a) ? a : b;
  }),
  declare('function', 'pow(a: num, b: num, c: num?=)', power),
  declare('function', 'sign(num: num)', (args) => Math.sign(toNumber(args.value(0) as number)) || 0),
  declare('function', 'round(number: num, ndigits: int=)', (args) => round(args.value(0), args.number(1))),
  declare('function', 'isInteger(value: any)', (args) => isInt(args.value(0))),
  declare('function', 'isNumber(value: any)', (args) => isInt(args.value(0)) || isFloat(args.value(0))),
];
