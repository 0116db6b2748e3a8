import type { JsonObject, JsonValue } from '../../../src/model/json';
import { isJsonObject } from '../../../src/model/json';
import type { ParameterSchemas } from '../../../src/model/parameter-schema';
import { pyStr } from '../../../src/model/python-text';

/** One word for bash, whatever it holds. */
export const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** StackStorm's text of a positional value: booleans as 1 and 0, arrays comma-joined, objects as JSON, null as nothing. */
function positionalText(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'string' ? item : pyStr(item))).join(',');
  if (isJsonObject(value)) return JSON.stringify(value);
  return String(value);
}

/** `--name=value`; a bare flag for true; nothing for false, null and the empty string. */
function namedArgument(operator: string, name: string, value: JsonValue): string[] {
  if (value === null || value === '' || value === false) return [];
  if (value === true) return [`${operator}${name}`];
  return [`${operator}${name}=${pyStr(value)}`];
}

export interface ScriptParameters {
  schemas: ParameterSchemas;
  values: JsonObject;
  /** Put before the names, `--` or `-`. */
  operator: string;
}

/**
 * A script's arguments as StackStorm passes them: named ones in the order given, then the positional ones by position;
 * a position without value is an empty word. Arrays and objects of named ones are written as Python prints them.
 */
export function scriptArguments({ schemas, values, operator }: ScriptParameters): string[] {
  const positions = Object.entries(schemas)
    .flatMap(([name, { position }]) => (position === undefined ? [] : [{ name, position }]))
    .sort((a, b) => a.position - b.position);
  const positional = new Set(positions.map(({ name }) => name));
  const valueOf = (name: string): JsonValue => (Object.hasOwn(values, name) ? (values[name] ?? null) : null);
  return [
    ...Object.keys(values)
      .filter((name) => !positional.has(name))
      .flatMap((name) => namedArgument(operator, name, valueOf(name))),
    ...positions.map(({ name }) => positionalText(valueOf(name))),
  ];
}
