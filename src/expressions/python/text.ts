import { reprNumber, reprString } from '../../model/python-text';
import { failed } from '../errors';
import { isDict, KeyLookup, Undefined } from './values';
import type { Value } from './values';

/** Python's `str(value)`: True, None, {'a': 1}. Throws EXPRESSION_FAILED for a missing value. */
export function str(value: Value): string {
  return typeof value === 'string' ? value : repr(value);
}

/** Python's `repr(value)`. */
export function repr(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return reprNumber(value);
  if (typeof value === 'string') return reprString(value);
  if (value instanceof Undefined) throw failed(value.reason);
  if (value instanceof KeyLookup) return value.text;
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  return `{${Object.keys(value)
    .map((key) => `${reprString(key)}: ${repr(value[key] as Value)}`)
    .join(', ')}}`;
}

/** Python's truth of a value. Throws EXPRESSION_FAILED for a missing one. */
export function truth(value: Value): boolean {
  if (value instanceof Undefined) throw failed(value.reason);
  if (value instanceof KeyLookup) return true;
  if (Array.isArray(value)) return value.length > 0;
  if (isDict(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
