import { typeError } from '../errors';
import { dictKeys, dictSize, isDict, plain, PyObject, typeName } from './values';
import type { Value } from './values';

/** The characters of text as Python counts them: code points. */
export const characters = (text: string): string[] => Array.from(text);

const WITH_PAIRS = /[\ud800-\udfff]/;

/** `len(text)`. */
export function textLength(text: string): number {
  return WITH_PAIRS.test(text) ? characters(text).length : text.length;
}

/** What a `for` goes through: items, a dict's keys, a text's characters. Throws TypeError. The caller counts the steps. */
export function iterate(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  const source = plain(value);
  if (typeof source === 'string') return characters(source);
  if (isDict(source)) return dictKeys(source);
  if (source instanceof PyObject && source.iterate) return Array.from(source.iterate());
  throw typeError(`'${typeName(source)}' object is not iterable`);
}

/** True for what {@link iterate} takes. */
export function isIterable(value: Value): boolean {
  if (typeof value === 'string' || Array.isArray(value) || isDict(value)) return true;
  return value instanceof PyObject && value.iterate !== undefined;
}

/** Python's `len(value)`. Throws TypeError. */
export function length(value: Value): number {
  const source = plain(value);
  if (typeof source === 'string') return textLength(source);
  if (Array.isArray(source)) return source.length;
  if (isDict(source)) return dictSize(source);
  if (source instanceof PyObject && source.length) return source.length();
  throw typeError(`object of type '${typeName(source)}' has no len()`);
}
