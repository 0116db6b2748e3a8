import { EverstormError } from '../../model/errors';
import { RuleMetadata } from '../../model/rule';
import type { Services } from '../../services/create-services';
import type { Query, Route } from '../route';
import { listRoute } from './definitions';

const ATTRIBUTES = new Set([
  'id', 'uid', 'ref', 'name', 'pack', 'description', 'enabled', 'mode', 'type', 'trigger', 'criteria', 'action', 'context', 'tags',
  'metadata_file',
]); // prettier-ignore
const tag = 'rules';

/** The trigger instance that a rule is to be explained for. */
function instanceOf(query: Query): string {
  const id = query.text('trigger_instance');
  if (id !== undefined && id !== '') return id;
  throw new EverstormError('INVALID_REQUEST', 'trigger_instance: expected the id of a trigger instance.', {
    field: 'trigger_instance',
  });
}

export function ruleRoutes({ rules, explanations }: Services): Route[] {
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
      method: 'get', path: '/rules/{ref_or_id}/explain', tag, summary: 'Why a rule did or did not fire for an event',
      query: { trigger_instance: 'Id of the trigger instance.' },
      handle: async ({ principal, params, query }) => ({
        body: await explanations.rule(principal, params['ref_or_id'] ?? '', instanceOf(query)),
      }),
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
