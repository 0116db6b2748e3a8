import { z } from 'zod';
import { EverstormError } from '../model/errors';
import type { Principal } from '../model/principal';
import type { RunnerType } from '../model/runner-type';
import type { Page, PageRequest } from '../ports/store';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { found } from './not-found';

/** Body of PUT /runnertypes/{name_or_id}: only `enabled` counts, as in StackStorm. */
export const RunnerTypeChange = z.looseObject({ enabled: z.boolean() });
export type RunnerTypeChange = z.infer<typeof RunnerTypeChange>;

export interface RunnerTypeService {
  /** Sorted by name. */
  list(principal: Principal, query: PageRequest & { name?: string }): Promise<Page<RunnerType>>;
  get(principal: Principal, nameOrId: string): Promise<RunnerType>;
  /** Switches a runner on or off for all processes and for ever; new executions of a disabled one are refused, running ones go on. */
  change(principal: Principal, nameOrId: string, change: RunnerTypeChange): Promise<RunnerType>;
}

/** Runner types are a table of the program; only whether one is enabled is kept in the store. */
export function createRunnerTypeService({ store, runnerTypes }: ServiceDependencies): RunnerTypeService {
  const { definitions } = store;
  const sorted = [...runnerTypes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const byName = (nameOrId: string): RunnerType => {
    const missing = new EverstormError('NOT_FOUND', `Resource with a name or id "${nameOrId}" not found`);
    return found(
      sorted.find(({ name, id }) => name === nameOrId || id === nameOrId),
      missing,
    );
  };
  return {
    list: async (principal, { limit, offset, name }) => {
      authorise(principal, 'runner_type_list');
      const settings = (await definitions.list('runner_setting', { limit: -1, offset: 0 })).rows;
      const switched = new Map(settings.map(({ ref, enabled }) => [ref, enabled]));
      const matching = sorted.filter((runner) => name === undefined || runner.name === name);
      const end = limit === -1 ? undefined : offset + limit;
      const rows = matching.slice(offset, end);
      return {
        rows: rows.map((runner) => ({ ...runner, enabled: switched.get(runner.name) ?? runner.enabled })),
        total: matching.length,
      };
    },
    get: async (principal, nameOrId) => {
      authorise(principal, 'runner_type_view', nameOrId);
      const runner = byName(nameOrId);
      const setting = await definitions.get('runner_setting', runner.name);
      return { ...runner, enabled: setting?.enabled ?? runner.enabled };
    },
    change: async (principal, nameOrId, { enabled }) => {
      const runner = byName(nameOrId);
      authorise(principal, 'runner_type_modify', runner.uid);
      const { id, uid, name } = runner;
      await definitions.put('runner_setting', { id, uid, ref: name, enabled }, 'api');
      return { ...runner, enabled };
    },
  };
}
