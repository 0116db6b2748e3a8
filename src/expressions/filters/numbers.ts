import { failed } from '../errors';
import { floatOf, toInt } from '../python/convert';
import { Undefined } from '../python/values';
import type { Value } from '../python/values';
import type { FilterFamily } from './filter';

/** Jinja's `int` and `float` answer their default instead of failing. */
function orDefault(convert: () => Value, otherwise: Value): Value {
  try {
    return convert();
  } catch {
    return otherwise;
  }
}

export const NUMBER_FILTERS: FilterFamily = {
  int: (input, given) => orDefault(() => toInt(fractionText(input)), given.value(0, 'default', 0)),
  float: (input, given) => orDefault(() => floatOf(input), given.value(0, 'default', 0)),
  abs: (input) => Math.abs(number(input)),
  round: (input, given) => {
    const factor = 10 ** number(given.value(0, 'precision', 0));
    return Math.round(number(input) * factor) / factor;
  },
};

function fractionText(input: Value): Value {
  return typeof input === 'string' && /^\s*[+-]?\d+\.\d*\s*$/.test(input) ? Number(input) : input;
}

function number(value: Value): number {
  if (value instanceof Undefined) throw failed(value.reason);
  if (typeof value !== 'number' && typeof value !== 'boolean') throw failed('a number is required');
  return Number(value);
}
