import { EverstormError } from '../model/errors';
import type { Principal } from '../model/principal';
import type { RunnerType } from '../model/runner-type';
import type { Page, PageRequest } from '../ports/store';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { found } from './not-found';

export interface RunnerTypeService {
  /** Sorted by name. */
  list(principal: Principal, query: PageRequest & { name?: string }): Promise<Page<RunnerType>>;
  get(principal: Principal, nameOrId: string): Promise<RunnerType>;
}

/** Runner types are a table of the program: read only. */
export function createRunnerTypeService({ runnerTypes }: ServiceDependencies): RunnerTypeService {
  const sorted = [...runnerTypes].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    list: (principal, { limit, offset, name }) => {
      authorise(principal, 'runner_type_list');
      const matching = sorted.filter((runner) => name === undefined || runner.name === name);
      const end = limit === -1 ? undefined : offset + limit;
      return Promise.resolve({ rows: matching.slice(offset, end), total: matching.length });
    },
    get: (principal, nameOrId) => {
      authorise(principal, 'runner_type_view', nameOrId);
      const missing = new EverstormError('NOT_FOUND', `Resource with a name or id "${nameOrId}" not found`);
      return Promise.resolve(
        found(
          sorted.find(({ name, id }) => name === nameOrId || id === nameOrId),
          missing,
        ),
      );
    },
  };
}
