import { z } from 'zod';
import { EverstormError } from '../model/errors';
import { resourceId } from '../model/ids';
import type { JsonObject } from '../model/json';
import { isJsonObject } from '../model/json';
import { SYSTEM_PACKS } from '../model/pack';
import { FreeSchema } from '../model/parameter-schema';
import type { Principal } from '../model/principal';
import { formatRef } from '../model/refs';
import type { Trigger, TriggerType } from '../model/trigger';
import { TriggerTypeMetadata } from '../model/trigger';
import { takesParameters, triggerDocument, triggerTypeDocument } from '../packs/trigger-documents';
import type { DefinitionQuery, Page } from '../ports/store';
import { authorise } from './authorisation';
import { creating } from './conflicts';
import type { ServiceDependencies } from './context';
import { found, noSuchId, noSuchReference } from './not-found';
import { pyRepr } from '../model/python-text';
import { parseRequest } from './request-text';

/** Body of POST /triggers. */
export const TriggerRequest = z.looseObject({
  name: z.string().nullish(),
  pack: z.string(),
  type: z.string(),
  parameters: FreeSchema.nullish(),
  description: z.string().nullish(),
});

export interface TriggerService {
  listTypes(principal: Principal, query: DefinitionQuery): Promise<Page<TriggerType>>;
  getType(principal: Principal, refOrId: string): Promise<TriggerType>;
  /** A type without parameters schema gets its own trigger at once. Throws INVALID_REQUEST, CONFLICT. */
  createType(principal: Principal, body: unknown): Promise<TriggerType>;
  updateType(principal: Principal, refOrId: string, body: unknown): Promise<TriggerType>;
  removeType(principal: Principal, refOrId: string): Promise<void>;
  list(principal: Principal): Promise<Trigger[]>;
  get(principal: Principal, refOrId: string): Promise<Trigger>;
  /** The type need not be registered; StackStorm's. */
  create(principal: Principal, body: unknown): Promise<Trigger>;
  remove(principal: Principal, refOrId: string): Promise<void>;
}

export function createTriggerService({ store }: ServiceDependencies): TriggerService {
  const { definitions } = store;
  const typeOf = async (refOrId: string): Promise<TriggerType> =>
    found(await definitions.get('trigger_type', refOrId), noSuchReference(refOrId));
  const triggerOf = async (refOrId: string): Promise<Trigger> =>
    found(await definitions.get('trigger', refOrId), noSuchId(refOrId));
  const ensureOwnTrigger = async (type: TriggerType): Promise<void> => {
    const own = takesParameters(type) ? null : triggerDocument(type.ref, {});
    if (own && !(await definitions.get('trigger', own.ref))) await definitions.put('trigger', own, 'api');
  };

  return {
    listTypes: (principal, query) => {
      authorise(principal, 'trigger_list');
      return definitions.list('trigger_type', query);
    },
    getType: (principal, refOrId) => {
      authorise(principal, 'trigger_view', refOrId);
      return typeOf(refOrId);
    },
    createType: async (principal, body) => {
      authorise(principal, 'trigger_create');
      const type = buildType(body);
      await creating(type.uid, () => definitions.create('trigger_type', type, 'api'));
      await ensureOwnTrigger(type);
      return type;
    },
    updateType: async (principal, refOrId, body) => {
      const old = await typeOf(refOrId);
      authorise(principal, 'trigger_modify', old.uid);
      refuseSystemPack(old.pack);
      const built = buildType(body);
      if (built.ref !== old.ref) {
        throw new EverstormError('INVALID_REQUEST', `The name and pack of trigger type "${old.ref}" can't be changed.`);
      }
      const type = { ...built, id: old.id };
      await definitions.put('trigger_type', type, 'api');
      await ensureOwnTrigger(type);
      return type;
    },
    removeType: async (principal, refOrId) => {
      const type = await typeOf(refOrId);
      authorise(principal, 'trigger_delete', type.uid);
      refuseSystemPack(type.pack);
      await definitions.remove('trigger_type', type.ref);
      await definitions.remove('trigger', type.ref);
    },
    list: async (principal) => {
      authorise(principal, 'trigger_list');
      return (await definitions.list('trigger', { limit: -1, offset: 0 })).rows;
    },
    get: (principal, refOrId) => {
      authorise(principal, 'trigger_view', refOrId);
      return triggerOf(refOrId);
    },
    create: async (principal, body) => {
      authorise(principal, 'trigger_create');
      const trigger = buildTrigger(body);
      await creating(trigger.uid, () => definitions.create('trigger', trigger, 'api'));
      return trigger;
    },
    remove: async (principal, refOrId) => {
      const trigger = await triggerOf(refOrId);
      authorise(principal, 'trigger_delete', trigger.uid);
      await definitions.remove('trigger', trigger.ref);
    },
  };
}

function refuseSystemPack(pack: string): void {
  if (!SYSTEM_PACKS.has(pack)) return;
  throw new EverstormError('SYSTEM_PACK', "Resources belonging to system level packs can't be manipulated");
}

function buildType(body: unknown): TriggerType {
  const { pack = null, name = null } = isJsonObject(body) ? body : {};
  if (isJsonObject(body) && (!pack || !name)) {
    const given = [pack, name].map((part) => (typeof part === 'string' ? part : pyRepr(part)));
    throw new EverstormError(
      'INVALID_REQUEST',
      `Both pack and name needed for building ref. pack=${given[0]}, name=${given[1]}`,
    );
  }
  const metadata = parseRequest(TriggerTypeMetadata, body);
  return triggerTypeDocument(metadata.pack ?? '', metadata, metadata.metadata_file ?? undefined);
}

/** A trigger of the given name, or of the name that its type and parameters give it. */
function buildTrigger(body: unknown): Trigger {
  const { name, pack, type, description, ...rest } = parseRequest(TriggerRequest, body);
  const drawn = triggerDocument(type, (rest.parameters ?? {}) as JsonObject);
  if (!drawn)
    throw new EverstormError('INVALID_REQUEST', `"${type}" is not a reference to a trigger type (pack.name).`);
  const named = name ?? drawn.name;
  const digest = drawn.uid.slice(drawn.uid.lastIndexOf(':') + 1);
  const uid = ['trigger', pack, named, digest].join(':');
  return {
    ...drawn,
    id: resourceId(uid),
    uid,
    name: named,
    pack,
    ref: formatRef(pack, named),
    ...(description == null ? {} : { description }),
  };
}
