import type { JsonObject, JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';

/** Attributes that are StackStorm's or mean another thing in JSON Schema draft 7: they constrain nothing. */
const NOT_CONSTRAINTS: ReadonlySet<string> = new Set(['secret', 'immutable', 'position', 'id', '$schema', 'default']);
const SCHEMA_MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'definitions', 'dependencies']);
const SCHEMAS: ReadonlySet<string> = new Set(['items', 'additionalItems', 'additionalProperties', 'not']);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'items']);
const LITERALS: ReadonlySet<string> = new Set(['enum', 'type', 'required']);

const normaliseAny = (value: JsonValue): JsonValue => (isJsonObject(value) ? normaliseSchema(value) : value);

function normaliseAttribute(name: string, value: JsonValue): JsonValue {
  if (LITERALS.has(name)) return value;
  if (SCHEMA_MAPS.has(name) && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normaliseAny(item)]));
  }
  if (SCHEMA_LISTS.has(name) && Array.isArray(value)) return value.map(normaliseAny);
  return SCHEMAS.has(name) ? normaliseAny(value) : value;
}

/** Draft 4 says `minimum: 1, exclusiveMinimum: true`; later drafts `exclusiveMinimum: 1`. */
function moveExclusive(schema: JsonObject, bound: 'minimum' | 'maximum', exclusive: string): void {
  const flag = schema[exclusive];
  if (typeof flag !== 'boolean') return;
  delete schema[exclusive];
  const limit = schema[bound];
  if (!flag || limit === undefined) return;
  schema[exclusive] = limit;
  delete schema[bound];
}

/** Names of properties that say `required: true` themselves, as draft 3 and StackStorm do. */
function requiredProperties(schema: JsonObject): string[] {
  const properties = schema['properties'];
  if (!isJsonObject(properties)) return [];
  return Object.keys(properties).filter((name) => {
    const property = properties[name];
    return isJsonObject(property) && property['required'] === true;
  });
}

/**
 * StackStorm's dialect (draft 4 plus boolean `required`, `secret`, `immutable`, `position`) as draft 7, which the validator knows.
 * The structure stays the same, so paths of errors fit the original.
 */
export function normaliseSchema(schema: JsonObject): JsonObject {
  const result: JsonObject = Object.create(null) as JsonObject;
  for (const [name, value] of Object.entries(schema)) {
    if (!NOT_CONSTRAINTS.has(name)) result[name] = normaliseAttribute(name, value);
  }
  if (!Array.isArray(result['required'])) delete result['required'];
  const required = requiredProperties(schema);
  if (required.length > 0) {
    const listed = Array.isArray(result['required']) ? result['required'] : [];
    result['required'] = [...new Set([...listed, ...required])];
  }
  moveExclusive(result, 'minimum', 'exclusiveMinimum');
  moveExclusive(result, 'maximum', 'exclusiveMaximum');
  return result;
}
