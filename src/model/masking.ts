import type { JsonObject, JsonValue } from './json';
import { isJsonObject } from './json';

/** What clients and logs see in place of a secret value; StackStorm's. */
export const MASKED = '********';

/** Copy of `values` in which every field marked `secret: true` in its schema (nested `properties` too) is masked. */
export function maskSecrets(values: JsonObject, schemas: Record<string, unknown>): JsonObject {
  const masked: JsonObject = {};
  for (const [name, value] of Object.entries(values)) {
    masked[name] = Object.hasOwn(schemas, name) ? maskValue(value, schemas[name]) : value;
  }
  return masked;
}

function maskValue(value: JsonValue, schema: unknown): JsonValue {
  const shape = schema as { secret?: boolean; properties?: Record<string, unknown>; items?: unknown } | null;
  if (shape?.secret === true) return MASKED;
  if (isJsonObject(value) && shape?.properties) return maskSecrets(value, shape.properties);
  if (Array.isArray(value) && shape?.items) return value.map((item) => maskValue(item, shape.items));
  return value;
}
