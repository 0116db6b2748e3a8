import { EverstormError } from '../../model/errors';
import type { ExecutionService } from '../../services/executions';
import type { ExecutionQuery } from '../../services/listing';
import { LIST_PARAMETERS, booleanOf, filtersOf, listAnswer, pageOf, projectionOf, timestampOf } from '../list';
import type { Query, Route } from '../route';

/** StackStorm shows these of the action as soon as any part of it is asked for. */
export const BESIDE_ACTION = ['action.output_schema', 'action.pack', 'action.parameters', 'action.uid'] as const;

export const EXECUTION_ATTRIBUTES: ReadonlySet<string> = new Set([
  'id', 'trigger', 'trigger_type', 'trigger_instance', 'rule', 'action', 'runner', 'liveaction', 'status', 'start_timestamp',
  'end_timestamp', 'elapsed_seconds', 'web_url', 'parameters', 'context', 'result', 'result_size', 'parent', 'children', 'log', 'delay',
]); // prettier-ignore

const FILTERS = [
  'action', 'status', 'user', 'rule', 'trigger', 'trigger_type', 'trigger_instance', 'runner', 'id',
] as const; // prettier-ignore
type Sort = ExecutionQuery['sort'][number];
const SORT_FIELDS: Record<string, Sort['field']> = {
  start_timestamp: 'start_timestamp',
  end_timestamp: 'end_timestamp',
  status: 'status',
  action: 'action',
  'action.ref': 'action',
};

function sortTerm(term: string): Sort {
  const [, direction = '', name = ''] = /^([+\- ]?)([\w.]+)$/.exec(term) ?? [];
  const field = Object.hasOwn(SORT_FIELDS, name) ? SORT_FIELDS[name] : undefined;
  if (!field) throw new EverstormError('INVALID_REQUEST', `Sorting executions by "${term}" is not supported.`);
  return { field, direction: direction === '-' ? 'desc' : 'asc' };
}

/** `sort` (comma list), else StackStorm's `sort_asc`; a lower bound in time turns the default order round, as StackStorm does. */
function sortOf(query: Query): Sort[] {
  const sort = query.text('sort');
  if (sort) return sort.split(',').map(sortTerm);
  const ascending =
    booleanOf(query, 'sort_asc') ?? (query.text('timestamp_gt') !== undefined && !booleanOf(query, 'sort_desc'));
  return [{ field: 'start_timestamp', direction: ascending ? 'asc' : 'desc' }];
}

function queryOf(query: Query): ExecutionQuery {
  const [after, before] = [timestampOf(query, 'timestamp_gt'), timestampOf(query, 'timestamp_lt')];
  const parent = query.text('parent');
  return {
    ...pageOf(query),
    ...filtersOf(query, FILTERS),
    ...(parent !== undefined && { parent: parent === 'null' ? null : parent }),
    ...(after !== undefined && { timestamp_gt: after }),
    ...(before !== undefined && { timestamp_lt: before }),
    sort: sortOf(query),
  };
}

export function executionListRoutes(executions: ExecutionService): Route[] {
  const filters = Object.fromEntries(FILTERS.map((name) => [name, `Only with this ${name}.`]));
  return [
    {
      method: 'get',
      path: '/executions',
      tag: 'executions',
      summary: 'List executions, newest first',
      query: {
        ...filters,
        parent: 'Only children of this execution; `null` = top level only.',
        timestamp_gt: 'Only started after this time.',
        timestamp_lt: 'Only started before this time.',
        sort: 'Comma list of start_timestamp, end_timestamp, status, action, each with + or -.',
        ...LIST_PARAMETERS,
      },
      handle: async ({ principal, query }) => {
        const project = projectionOf(query, EXECUTION_ATTRIBUTES, BESIDE_ACTION);
        const asked = queryOf(query);
        return listAnswer(await executions.list(principal, asked), asked.limit, project);
      },
    },
  ];
}
