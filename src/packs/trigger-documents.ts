import { createHash } from 'node:crypto';
import { canonicalJson } from '../model/canonical-json';
import { parametrisedTriggerName, resourceId } from '../model/ids';
import type { JsonObject, JsonValue } from '../model/json';
import { formatRef, parseRef, uid } from '../model/refs';
import type { Trigger, TriggerType, TriggerTypeMetadata } from '../model/trigger';

/** A trigger type in StackStorm's API shape. */
export function triggerTypeDocument(pack: string, metadata: TriggerTypeMetadata, metadataFile?: string): TriggerType {
  const typeUid = uid('trigger_type', pack, metadata.name);
  return {
    id: resourceId(typeUid),
    uid: typeUid,
    ref: formatRef(pack, metadata.name),
    name: metadata.name,
    pack,
    description: metadata.description ?? '',
    payload_schema: metadata.payload_schema ?? {},
    parameters_schema: metadata.parameters_schema ?? {},
    tags: metadata.tags ?? [],
    ...(metadataFile === undefined ? {} : { metadata_file: metadataFile }),
  };
}

/** True when a rule must give parameters, so that the type has no trigger of its own (StackStorm: no parameters schema = same-ref trigger). */
export const takesParameters = (type: TriggerType): boolean => Object.keys(type.parameters_schema).length > 0;

/** Ref of the trigger that a rule with this type and these parameters listens to: the type's own, or one shared by all equals. */
export function triggerRefOf(typeRef: string, parameters: JsonObject): string {
  const type = parseRef(typeRef);
  if (type === null || Object.keys(parameters).length === 0) return typeRef;
  return formatRef(type.pack, parametrisedTriggerName(typeRef, canonicalJson(parameters)));
}

/** The trigger behind {@link triggerRefOf}, in StackStorm's API shape; null when `typeRef` is no reference. */
export function triggerDocument(typeRef: string, parameters: JsonObject): Trigger | null {
  const ref = parseRef(triggerRefOf(typeRef, parameters));
  if (ref === null) return null;
  const digest = createHash('md5').update(pythonJson(parameters)).digest('hex');
  const triggerUid = uid('trigger', ref.pack, ref.name, digest);
  return {
    id: resourceId(triggerUid),
    uid: triggerUid,
    ref: formatRef(ref.pack, ref.name),
    name: ref.name,
    pack: ref.pack,
    type: typeRef,
    parameters,
  };
}

/** JSON with sorted keys and Python's blanks after `,` and `:` - the text whose MD5 ends a StackStorm trigger's uid. */
function pythonJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}
