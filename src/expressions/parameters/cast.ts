import { EverstormError, messageOf } from '../../model/errors';
import type { JsonValue } from '../../model/json';
import { isJsonObject } from '../../model/json';
import type { ParameterSchema } from '../../model/parameter-schema';
import { toFloat, toInt } from '../python/convert';
import { toJson } from '../python/json';
import { str } from '../python/text';
import type { Value } from '../python/values';
import { typeName } from '../python/values';
import { pythonLiteral } from './literal';

type Cast = (value: JsonValue) => JsonValue;

const invalid = (message: string): EverstormError => new EverstormError('INVALID_PARAMETERS', message);

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function structure(fits: (value: JsonValue) => boolean, name: string): Cast {
  return (value) => {
    const parsed = typeof value === 'string' ? parsedText(value) : value;
    if (parsed === undefined || !fits(parsed))
      throw invalid(`value can't be read as ${name}, got ${typeName(parsed ?? value)}`);
    return parsed;
  };
}

function parsedText(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    try {
      return toJson(pythonLiteral(text));
    } catch {
      return undefined;
    }
  }
}

function boolean(value: JsonValue): JsonValue {
  const known = BOOLEANS.get(String(value).trim().toLowerCase());
  if (known === undefined) throw invalid(`value can't be read as boolean, got ${typeName(value)}`);
  return known;
}

const CASTS: Readonly<Record<string, Cast>> = {
  array: structure(Array.isArray, 'array'),
  object: structure(isJsonObject, 'object'),
  boolean,
  integer: (value) => Number(toInt(value as Value)),
  number: (value) => toFloat(value as Value),
  string: (value) => str(value as Value),
};

/**
 * Casts a rendered value to its parameter's type by Python's rules, as StackStorm does; null stays null, an untyped or union-typed value as it is.
 * Throws INVALID_PARAMETERS naming the field; an integer that can't be read has Python's text, which StackStorm's API shows.
 */
export function castParameter(name: string, value: JsonValue, schema: ParameterSchema | undefined): JsonValue {
  const type = schema?.type;
  const cast = typeof type === 'string' && Object.hasOwn(CASTS, type) ? CASTS[type] : undefined;
  if (!cast || value === null) return value;
  try {
    return cast(value);
  } catch (error) {
    throw new EverstormError('INVALID_PARAMETERS', messageOf(error), {
      field: name,
      ...(typeof type === 'string' ? { expected: type } : {}),
    });
  }
}
