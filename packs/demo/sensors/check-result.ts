import type { JsonObject, JsonValue } from 'everstorm/sensor';

const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'];

const field = (value: JsonValue | undefined, key: string): JsonValue | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? value[key]
    : undefined;

const firstText = (...values: (JsonValue | undefined)[]): string | null =>
  values.find((value): value is string => typeof value === 'string' && value !== '') ?? null;

function stateOf(...values: (JsonValue | undefined)[]): string | null {
  for (const value of values) {
    if (typeof value === 'number' && Number.isInteger(value)) return STATES[value] ?? 'UNKNOWN';
    if (typeof value === 'string' && STATES.includes(value.toUpperCase())) return value.toUpperCase();
  }
  return null;
}

/**
 * One shape for what monitoring tools write: Nagios-like `{host, service, state, output}`, Sensu-like `{client | entity, check: {name, status, output}}`.
 * Exit codes 0 to 3 become OK, WARNING, CRITICAL, UNKNOWN. Null when the text is no check result.
 */
export function normaliseCheck(text: string): JsonObject | null {
  const parsed = parse(text);
  const check = field(parsed, 'check') ?? {};
  const entity = field(field(parsed, 'entity'), 'metadata');
  const host = firstText(
    field(parsed, 'host'),
    field(parsed, 'hostname'),
    field(parsed, 'client'),
    field(field(parsed, 'client'), 'name'),
    field(entity, 'name'),
  );
  const service = firstText(
    field(parsed, 'service'),
    field(check, 'name'),
    field(field(check, 'metadata'), 'name'),
    field(parsed, 'check'),
  );
  const state = stateOf(field(parsed, 'state'), field(parsed, 'status'), field(check, 'status'), field(check, 'state'));
  if (host === null || service === null || state === null) return null;
  const output = firstText(field(parsed, 'output'), field(check, 'output')) ?? '';
  return { host, service, state, output, check: parsed ?? {} };
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
