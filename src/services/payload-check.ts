import { EverstormError } from '../model/errors';
import type { JsonObject } from '../model/json';
import type { TriggerType } from '../model/trigger';
import type { Definitions } from '../ports/store';
import { problemWithoutValues } from './schema-validation';

/** The type behind a trigger's ref, which may itself be a type's; null when nothing of that name is registered. */
export async function triggerTypeOf(definitions: Definitions, triggerRef: string): Promise<TriggerType | null> {
  const trigger = await definitions.get('trigger', triggerRef);
  return definitions.get('trigger_type', trigger?.type ?? triggerRef);
}

/**
 * Checks an event's payload against its trigger type. Throws UNKNOWN_TRIGGER, or INVALID_PAYLOAD naming the field and what was expected,
 * never the value.
 */
export async function checkPayload(definitions: Definitions, triggerRef: string, payload: JsonObject): Promise<void> {
  checkPayloadOf(await triggerTypeOf(definitions, triggerRef), triggerRef, payload);
}

/** Like {@link checkPayload} for a type that is known already; null when there is none. */
export function checkPayloadOf(type: TriggerType | null, triggerRef: string, payload: JsonObject): void {
  if (!type) {
    const text = `Trigger payload validation failed and validation is enabled, not dispatching a trigger "${triggerRef}": the trigger is not registered.`;
    throw new EverstormError('UNKNOWN_TRIGGER', text);
  }
  const problem = problemWithoutValues(type.payload_schema, payload);
  if (problem === null) return;
  const text = `Trigger payload validation failed and validation is enabled, not dispatching a trigger "${triggerRef}": ${problem}`;
  throw new EverstormError('INVALID_PAYLOAD', text);
}
