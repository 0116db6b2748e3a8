import { failed } from '../errors';
import { repr } from './text';
import { typeName } from './values';
import type { Value } from './values';

const INTEGER = /^[+-]?\d+(_\d+)*$/;
const FLOAT = /^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Python's `int(value)`, message included; StackStorm's API shows it. */
export function pythonInt(value: Value): number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value !== 'string') {
    throw failed(`int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`);
  }
  const text = value.trim();
  if (!INTEGER.test(text)) throw failed(`invalid literal for int() with base 10: ${repr(value)}`);
  return Number(text.replaceAll('_', ''));
}

/** Python's `float(value)` for finite numbers. */
export function pythonFloat(value: Value): number {
  if (typeof value === 'boolean' || typeof value === 'number') return Number(value);
  if (typeof value !== 'string') {
    throw failed(`float() argument must be a string or a real number, not '${typeName(value)}'`);
  }
  const text = value.trim();
  if (!FLOAT.test(text)) throw failed(`could not convert string to float: ${repr(value)}`);
  return Number(text.replaceAll('_', ''));
}
