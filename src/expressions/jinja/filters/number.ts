import { failed, isPythonError, typeError } from '../../errors';
import { arithmetic, signed } from '../../python/arithmetic';
import { ordered, truth } from '../../python/compare';
import { floatOf, parseInteger, toFloat, toInt, truncated } from '../../python/convert';
import { fixed } from '../../python/decimal';
import { whole } from '../../python/methods/signature';
import { round } from '../../python/rounding';
import { isInt, isNumber, toNumber, typeName } from '../../python/values';
import type { Value } from '../../python/values';
import type { Filter } from '../environment';
import type { Run } from '../run';
import { filter } from './declare';

/** What `make` gives; what `otherwise` does when it fails as Python's conversions do. */
function attempt(make: () => Value, caught: readonly string[], otherwise: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (!isPythonError(error, ...caught)) throw error;
    return otherwise();
  }
}

/** A whole number by `int`, else by `float`, else the default. */
function toWhole(value: Value, otherwise: Value, base: Value): Value {
  const byFloat = (): Value =>
    attempt(
      () => truncated(toFloat(value)),
      ['TypeError', 'ValueError', 'OverflowError'],
      () => otherwise,
    );
  return attempt(
    () => (typeof value === 'string' ? parseInteger(value, whole(base, 10)) : toInt(value)),
    ['TypeError', 'ValueError'],
    byFloat,
  );
}

function abs(value: Value): Value {
  if (!isNumber(value)) throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
  return ordered('<', value, 0) ? signed('-', value) : signed('+', value);
}

function rounded(value: Value, digits: Value, method: Value, run: Run): Value {
  if (method === 'common') return round(value, digits);
  if (method !== 'ceil' && method !== 'floor')
    throw failed('method must be common, ceil or floor', 'FilterArgumentError');
  const scale = arithmetic('**', 10, digits, run.budget);
  const scaled = arithmetic('*', value, scale, run.budget);
  if (!isNumber(scaled)) throw typeError(`must be real number, not ${typeName(scaled)}`);
  const cut = isInt(scaled) ? scaled : truncated(Math[method](toNumber(scaled)));
  return arithmetic('/', cut, scale, run.budget);
}

const UNITS = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

/** Source: Jinja's `filesizeformat`. */
function fileSize(value: Value, binary: boolean): string {
  const bytes = toFloat(value);
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${truncated(bytes)} Bytes`;
  let shown = '';
  for (const [index, unit] of UNITS.entries()) {
    const next = base ** (index + 2);
    const name = binary ? `${unit === 'k' ? 'K' : unit}iB` : `${unit}B`;
    shown = `${fixed((base * bytes) / next, 1)} ${name}`;
    if (bytes < next) break;
  }
  return shown;
}

/** Filters on numbers. */
export const NUMBER_FILTERS: readonly [string, Filter][] = [
  filter('int(value, default?, base?)', ([value = null, otherwise = 0, base = 10]) => toWhole(value, otherwise, base)),
  filter('float(value, default?)', ([value = null, otherwise = floatOf(0)]) =>
    attempt(
      () => floatOf(value),
      ['TypeError', 'ValueError'],
      () => otherwise,
    ),
  ),
  filter('abs(x, /)', ([value = null]) => abs(value)),
  filter('round(value, precision?, method?)', ([value = null, digits = 0, method = 'common'], run) =>
    rounded(value, digits, method, run),
  ),
  filter('filesizeformat(value, binary?)', ([value = null, binary = false]) => fileSize(value, truth(binary))),
];
