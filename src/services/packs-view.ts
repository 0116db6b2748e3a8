import { z } from 'zod';
import { EverstormError } from '../model/errors';
import type { Pack } from '../model/pack';
import type { Principal } from '../model/principal';
import type { DefinitionQuery, Page } from '../ports/store';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { found } from './not-found';
import type { PackFile, PackFileText } from './pack-files';
import { readPackFile, readPackTexts } from './pack-files';

/** What can be registered from a pack; StackStorm's names, singular and plural. */
const CONTENT_TYPES = [
  'all', 'runner', 'action', 'actions', 'trigger', 'triggers', 'sensor', 'sensors', 'rule', 'rules', 'rule_type', 'rule_types',
  'alias', 'aliases', 'policy_type', 'policy_types', 'policy', 'policies', 'config', 'configs',
] as const; // prettier-ignore

/** Body of POST /packs/register. */
export const RegisterRequest = z.looseObject({
  types: z.array(z.enum(CONTENT_TYPES)).nullish(),
  packs: z.array(z.string()).nullish(),
  fail_on_failure: z.boolean().nullish(),
});
export type RegisterRequest = z.infer<typeof RegisterRequest>;

/** Registers packs from disk (all packs and types when none are named) and tells how much of each kind; brought by pack registration. */
export type RegisterPacks = (
  principal: Principal,
  request: { types: string[]; packs: string[] },
) => Promise<Record<string, number>>;

export interface PackService {
  list(principal: Principal, query: DefinitionQuery): Promise<Page<Pack>>;
  get(principal: Principal, refOrId: string): Promise<Pack>;
  /** One file by its path relative to the pack's directory. Throws NOT_FOUND, and INVALID_REQUEST for a path that climbs out of it. */
  file(principal: Principal, refOrId: string, path: string): Promise<PackFile>;
  /** The texts among the pack's files. */
  files(principal: Principal, refOrId: string): Promise<PackFileText[]>;
  register(principal: Principal, request: RegisterRequest): Promise<Record<string, number>>;
}

export function createPackService({ store }: ServiceDependencies, registerPacks: RegisterPacks): PackService {
  const byRef = async (principal: Principal, refOrId: string): Promise<Pack> => {
    authorise(principal, 'pack_view', refOrId);
    const missing = new EverstormError('NOT_FOUND', `Resource with a ref or id "${refOrId}" not found`);
    return found(await store.definitions.get('pack', refOrId), missing);
  };
  return {
    list: (principal, query) => {
      authorise(principal, 'pack_list');
      return store.definitions.list('pack', query);
    },
    get: byRef,
    file: async (principal, refOrId, path) => readPackFile(await byRef(principal, refOrId), path),
    files: async (principal, refOrId) => readPackTexts(await byRef(principal, refOrId)),
    register: (principal, { types, packs }) => {
      authorise(principal, 'pack_register');
      return registerPacks(principal, { types: types ?? [], packs: packs ?? [] });
    },
  };
}
