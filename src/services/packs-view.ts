import { z } from 'zod';
import { EverstormError } from '../model/errors';
import type { Pack } from '../model/pack';
import type { Principal } from '../model/principal';
import type { DefinitionQuery, Page } from '../ports/store';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { found } from './not-found';

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
  register(principal: Principal, request: RegisterRequest): Promise<Record<string, number>>;
}

export function createPackService({ store }: ServiceDependencies, registerPacks: RegisterPacks): PackService {
  return {
    list: (principal, query) => {
      authorise(principal, 'pack_list');
      return store.definitions.list('pack', query);
    },
    get: async (principal, refOrId) => {
      authorise(principal, 'pack_view', refOrId);
      const missing = new EverstormError('NOT_FOUND', `Resource with a ref or id "${refOrId}" not found`);
      return found(await store.definitions.get('pack', refOrId), missing);
    },
    register: (principal, { types, packs }) => {
      authorise(principal, 'pack_register');
      return registerPacks(principal, { types: types ?? [], packs: packs ?? [] });
    },
  };
}
