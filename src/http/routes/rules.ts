import { RuleMetadata } from '../../model/rule';
import type { Services } from '../../services/create-services';
import type { Route } from '../route';
import { listRoute } from './definitions';

const ATTRIBUTES = new Set([
  'id', 'uid', 'ref', 'name', 'pack', 'description', 'enabled', 'type', 'trigger', 'criteria', 'action', 'context', 'tags',
  'metadata_file',
]); // prettier-ignore
const tag = 'rules';

export function ruleRoutes({ rules }: Services): Route[] {
  const list = {
    tag,
    attributes: ATTRIBUTES,
    filters: { name: 'name', action: 'action.ref', trigger: 'trigger.ref', user: 'context.user' },
    flags: ['enabled'],
    alwaysLimit: false,
  };
  return [
    listRoute({ ...list, path: '/rules', summary: 'List rules', list: rules.list }),
    {
      method: 'post', path: '/rules', tag, summary: 'Create a rule', body: RuleMetadata, status: 201,
      handle: async ({ principal, body }) => ({ body: await rules.create(principal, body) }),
    },
    listRoute({ ...list, path: '/rules/views', summary: 'List rules with descriptions', list: rules.listViews }),
    {
      method: 'get', path: '/rules/views/{ref_or_id}', tag, summary: 'A rule with descriptions',
      handle: async ({ principal, params }) => ({ body: await rules.getView(principal, params['ref_or_id'] ?? '') }),
    },
    {
      method: 'get', path: '/rules/{ref_or_id}', tag, summary: 'A rule',
      handle: async ({ principal, params }) => ({ body: await rules.get(principal, params['ref_or_id'] ?? '') }),
    },
    {
      method: 'put', path: '/rules/{ref_or_id}', tag, summary: 'Replace a rule', body: RuleMetadata,
      handle: async ({ principal, params, body }) => ({ body: await rules.update(principal, params['ref_or_id'] ?? '', body) }),
    },
    {
      method: 'delete', path: '/rules/{ref_or_id}', tag, summary: 'Remove a rule', status: 204,
      handle: async ({ principal, params }) => {
        await rules.remove(principal, params['ref_or_id'] ?? '');
        return {};
      },
    },
  ]; // prettier-ignore
}
