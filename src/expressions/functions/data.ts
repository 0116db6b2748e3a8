import { failed } from '../errors';
import { dumps, loads } from '../python/json';
import { trimmed } from '../python/split';
import { str } from '../python/text';
import { dictEntries, float, isDict, isFloat, PyDict, toNumber } from '../python/values';
import type { Value } from '../python/values';

/** StackStorm's marker for None where only text survives; rendered values that equal it become null. */
export const NONE_MARKER = '%*****__%NONE%__*****%';

/** `use_none`. */
export const useNone = (value: Value): Value => (value === null ? NONE_MARKER : value);

/** `json_escape`: JSON without the quotes around it (nor any others at its ends). */
export const jsonEscape = (value: Value): string => trimmed(dumps(value), { chars: '"' });

/** What the standard library's JSON takes and orjson doesn't, or takes otherwise. */
const UNUSUAL = /NaN|Infinity|\d{19}|\\u[dD][89a-fA-F]|[eE]\+?\d{3}/;
const LARGEST = 2n ** 64n;
const SMALLEST = -(2n ** 63n);
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * `from_json_string`: StackStorm reads JSON with orjson, which knows neither NaN nor Infinity nor half characters, and has integers beyond 64
 * bits as floats. Throws JSONDecodeError.
 */
export function fromJsonString(value: Value): Value {
  const text = str(value);
  const read = loads(text);
  return UNUSUAL.test(text) ? asOrjson(read) : read;
}

function asOrjson(value: Value): Value {
  if (typeof value === 'bigint') return value < LARGEST && value >= SMALLEST ? value : float(Number(value));
  if (isFloat(value) && !Number.isFinite(toNumber(value))) throw refused('unexpected character');
  if (typeof value === 'string' && LONE_SURROGATE.test(value)) throw refused('no low surrogate in string');
  if (Array.isArray(value)) return value.map(asOrjson);
  if (!isDict(value)) return value;
  return new PyDict(dictEntries(value).map(([key, item]) => [asOrjson(key), asOrjson(item)] as const));
}

const refused = (problem: string): Error => failed(problem, 'JSONDecodeError');
