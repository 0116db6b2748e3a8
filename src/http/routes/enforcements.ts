import type { Services } from '../../services/create-services';
import type { EnforcementService } from '../../services/enforcements';
import { LIST_PARAMETERS, filtersOf, listAnswer, pageOf, projectionOf, timestampOf } from '../list';
import type { Route } from '../route';

const ATTRIBUTES = new Set([
  'id', 'trigger_instance_id', 'execution_id', 'failure_reason', 'rule', 'enforced_at', 'status', 'rule_set_version',
  'trigger_instance', 'execution',
]); // prettier-ignore
const tag = 'rule enforcements';
const FILTERS = ['rule_ref', 'rule_id', 'execution', 'trigger_instance', 'status'] as const;
/** StackStorm lists fewer of these than of other kinds. */
const DEFAULT_LIMIT = 50;

function listing(path: string, summary: string, list: EnforcementService['list']): Route {
  const filters = Object.fromEntries(FILTERS.map((name) => [name, `Only with this ${name}.`]));
  return {
    method: 'get',
    path,
    tag,
    summary,
    query: { ...filters, enforced_at_gt: 'Only after this time.', enforced_at_lt: 'Only before.', ...LIST_PARAMETERS },
    handle: async ({ principal, query }) => {
      const page = pageOf(query, DEFAULT_LIMIT);
      const project = projectionOf(query, ATTRIBUTES);
      const [after, before] = [timestampOf(query, 'enforced_at_gt'), timestampOf(query, 'enforced_at_lt')];
      const found = await list(principal, {
        ...page,
        ...filtersOf(query, FILTERS),
        ...(after !== undefined && { enforced_at_gt: after }),
        ...(before !== undefined && { enforced_at_lt: before }),
      });
      return listAnswer(found, page.limit, project);
    },
  };
}

export function enforcementRoutes({ enforcements }: Services): Route[] {
  return [
    listing('/ruleenforcements', 'List rule enforcements', enforcements.list),
    listing('/ruleenforcements/views', 'List rule enforcements with cause and effect', enforcements.listViews),
    {
      method: 'get',
      path: '/ruleenforcements/views/{id}',
      tag,
      summary: 'A rule enforcement with cause and effect',
      handle: async ({ principal, params }) => ({ body: await enforcements.getView(principal, params['id'] ?? '') }),
    },
    {
      method: 'get',
      path: '/ruleenforcements/{id}',
      tag,
      summary: 'A rule enforcement',
      handle: async ({ principal, params }) => ({ body: await enforcements.get(principal, params['id'] ?? '') }),
    },
  ];
}
