import { EverstormError } from '../model/errors';
import type { Execution } from '../model/execution';
import { isId } from '../model/ids';
import type { JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import type { Principal } from '../model/principal';
import type { ExecutionQuery, Page } from '../ports/store';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { documentOfState, withCause } from './execution-view';
import { found, noSuchId } from './not-found';
import { asTold } from './told-ends';

/** Attributes that GET /executions/{id}/attribute/{name} gives. */
const SINGLE_ATTRIBUTES = ['result', 'trigger_instance', 'status'] as const;
type SingleAttribute = (typeof SINGLE_ATTRIBUTES)[number];
const isSingleAttribute = (name: string): name is SingleAttribute =>
  (SINGLE_ATTRIBUTES as readonly string[]).includes(name);

/** Reading executions. Ids may be the word `last`. All throw NOT_FOUND with StackStorm's text. */
export interface ExecutionReader {
  /** Asks Temporal, and the read model for what Temporal has forgotten. */
  get(principal: Principal, id: string): Promise<Execution>;
  /** Asks the read model. */
  list(principal: Principal, query: ExecutionQuery): Promise<Page<Execution>>;
  attribute(principal: Principal, id: string, name: string): Promise<JsonValue>;
  /** Standard output and error of a finished run as text. */
  output(principal: Principal, id: string, type?: string): Promise<string>;
  result(principal: Principal, id: string): Promise<JsonValue>;
  /** Executions started by this one; none before workflows come. */
  children(principal: Principal, id: string): Promise<Execution[]>;
}

export function createExecutionReader(deps: ServiceDependencies): ExecutionReader {
  const lastId = async (): Promise<string | null> => {
    const newest = [{ field: 'start_timestamp', direction: 'desc' }] as const;
    const { rows } = await deps.store.executions.list({ limit: 1, offset: 0, sort: newest });
    return rows[0]?.id ?? null;
  };
  const get = async (principal: Principal, idOrLast: string): Promise<Execution> => {
    authorise(principal, 'execution_view', idOrLast);
    const id = idOrLast === 'last' ? await lastId() : idOrLast;
    if (id === null || !isId(id)) throw noSuchId(idOrLast);
    const known = await deps.executions.get(id);
    const [state] = known ? await asTold(deps.store.runEndings, [known]) : [];
    const execution = state
      ? documentOfState(state, deps.webUiBase)
      : found(await deps.store.executions.get(id), noSuchId(id));
    return withCause(deps, execution);
  };
  return {
    get,
    list: (principal, query) => {
      authorise(principal, 'execution_list');
      return deps.store.executions.list(query);
    },
    attribute: async (principal, id, name) => {
      if (!isSingleAttribute(name)) {
        const valid = SINGLE_ATTRIBUTES.join(', ');
        throw new EverstormError(
          'INVALID_REQUEST',
          `Invalid attribute "${name}" specified. Valid attributes are: ${valid}`,
        );
      }
      return (await get(principal, id))[name] ?? null;
    },
    output: async (principal, id, type = 'all') => {
      const { result } = await get(principal, id);
      if (!isJsonObject(result)) return '';
      const streams = type === 'all' ? ['stdout', 'stderr'] : [type];
      return streams.map((stream) => asLines(Object.hasOwn(result, stream) ? result[stream] : '')).join('');
    },
    result: async (principal, id) => (await get(principal, id)).result ?? null,
    children: async (principal, id) => {
      await get(principal, id);
      return [];
    },
  };
}

const asLines = (text: JsonValue | undefined): string =>
  typeof text !== 'string' || text === '' ? '' : text.endsWith('\n') ? text : `${text}\n`;
