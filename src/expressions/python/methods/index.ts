import { failed } from '../../errors';
import { isDict, isFloat, isInt, plain, PyBytes, PySet, PyTuple, typeName } from '../values';
import type { Value } from '../values';
import { BYTES_METHODS } from './bytes';
import { DICT_METHODS } from './dict';
import { LIST_METHODS, TUPLE_METHODS } from './list';
import { FLOAT_METHODS, INT_METHODS } from './number';
import { FROZENSET_METHODS, SET_METHODS } from './set';
import type { CallArgs, Method } from './signature';
import { CASE_METHODS } from './text-case';
import { CONVERT_METHODS } from './text-convert';
import { LAYOUT_METHODS } from './text-layout';
import { SEARCH_METHODS } from './text-search';

export type { CallArgs } from './signature';

const TEXT_METHODS: ReadonlyMap<string, Method<string>> = new Map([
  ...CASE_METHODS,
  ...SEARCH_METHODS,
  ...LAYOUT_METHODS,
  ...CONVERT_METHODS,
]);

type AnyMethod = (self: never, args: CallArgs) => Value;
const NONE: ReadonlyMap<string, AnyMethod> = new Map();

/** The methods of a value's type. Only what is in these tables can be called. */
function methodsOf(value: Value): ReadonlyMap<string, AnyMethod> {
  if (typeof value === 'string') return TEXT_METHODS;
  if (Array.isArray(value)) return LIST_METHODS;
  if (isDict(value)) return DICT_METHODS;
  if (isInt(value) || typeof value === 'boolean') return INT_METHODS;
  if (isFloat(value)) return FLOAT_METHODS;
  if (value instanceof PyTuple) return TUPLE_METHODS;
  if (value instanceof PySet) return value.frozen ? FROZENSET_METHODS : SET_METHODS;
  return value instanceof PyBytes ? BYTES_METHODS : NONE;
}

/** Whether Python's type of this value has the method, as far as there is one here. */
export function hasMethod(receiver: Value, name: string): boolean {
  return methodsOf(receiver).has(name);
}

/**
 * Calls a method of Python's str, list, tuple, dict, set, int, float or bytes. Throws AttributeError for any other, and what the method
 * throws: TypeError for arguments that don't fit, ValueError, KeyError, IndexError, EXPRESSION_BOUND. Methods that change their receiver
 * do so in place.
 */
export function callMethod(receiver: Value, name: string, args: CallArgs): Value {
  const self = plain(receiver);
  const method = methodsOf(self).get(name);
  if (!method) throw failed(`'${typeName(self)}' object has no attribute '${name}'`, 'AttributeError');
  return method(self as never, args);
}
