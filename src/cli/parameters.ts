import { readFile } from 'node:fs/promises';
import type { JsonObject, JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import type { ParameterSchema } from '../model/parameter-schema';
import { CliError, EXIT } from './io';

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** `k=v …` as parameters, cast by the action's and the runner's schemas; an unknown name stays text, so that the server can say what is wrong. */
export function parseParameters(pairs: readonly string[], schemas: Record<string, ParameterSchema>): JsonObject {
  const entries = pairs.map((pair): [string, JsonValue] => {
    const sign = pair.indexOf('=');
    if (sign <= 0) throw new CliError(`expected name=value, got ${JSON.stringify(pair)}`, EXIT.usage);
    const name = pair.slice(0, sign);
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    return [name, cast(name, pair.slice(sign + 1), schema)];
  });
  return Object.fromEntries(entries);
}

type Converter = (name: string, text: string) => JsonValue;

const toNumber: Converter = (name, text) => {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw expected(name, 'a number');
  return number;
};
const CONVERTERS: Partial<Record<string, Converter>> = {
  integer: toNumber,
  number: toNumber,
  boolean: (name, text) => {
    if (TRUE.has(text.toLowerCase())) return true;
    if (FALSE.has(text.toLowerCase())) return false;
    throw expected(name, 'true or false');
  },
  object: (name, text) => {
    const value = parseJson(text);
    if (isJsonObject(value)) return value;
    throw expected(name, 'a JSON object');
  },
  array: (_name, text) => {
    const value = parseJson(text);
    if (Array.isArray(value)) return value;
    return text === '' ? [] : text.split(',').map((part) => part.trim());
  },
};

function cast(name: string, text: string, schema: ParameterSchema | undefined): JsonValue {
  const type = Array.isArray(schema?.type) ? schema.type.find((each) => each !== 'null') : schema?.type;
  return CONVERTERS[type ?? 'string']?.(name, text) ?? text;
}

const expected = (name: string, what: string): CliError => new CliError(`${name}: expected ${what}`, EXIT.usage);

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** A JSON object given as text, or as `@file`. */
export async function jsonObjectArgument(name: string, text: string): Promise<JsonObject> {
  const source = text.startsWith('@') ? await readArgumentFile(text.slice(1)) : text;
  const value = parseJson(source);
  if (!isJsonObject(value)) throw expected(name, 'a JSON object or @file with one');
  return value;
}

/** Content of a file named on the command line. */
export function readArgumentFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new CliError(`the file ${path} can't be read`, EXIT.usage);
  });
}
