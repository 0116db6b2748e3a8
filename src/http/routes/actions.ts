import { ActionMetadata } from '../../model/action';
import { CloneRequest } from '../../services/clone-action';
import type { Services } from '../../services/create-services';
import type { Route } from '../route';
import { listRoute } from './definitions';

const ATTRIBUTES = new Set([
  'id', 'uid', 'ref', 'name', 'pack', 'description', 'enabled', 'runner_type', 'entry_point', 'parameters', 'output_schema',
  'tags', 'notify', 'metadata_file', 'retry_on_worker_loss',
]); // prettier-ignore
const FILTERS = { name: 'name', id: 'id', tags: 'tags' };
const tag = 'actions';

export function actionRoutes({ actions }: Services): Route[] {
  const list = { tag, attributes: ATTRIBUTES, filters: FILTERS };
  return [
    listRoute({ ...list, path: '/actions', summary: 'List actions', list: actions.list }),
    {
      method: 'post', path: '/actions', tag, summary: 'Create an action', body: ActionMetadata, status: 201,
      handle: async ({ principal, body }) => ({ body: await actions.create(principal, body) }),
    },
    {
      method: 'get', path: '/actions/views/parameters/{ref}', tag, summary: 'Parameters of runner and action together',
      handle: async ({ principal, params }) => ({ body: { parameters: await actions.parameters(principal, params['ref'] ?? '') } }),
    },
    listRoute({ ...list, path: '/actions/views/overview', summary: 'List actions with all their parameters', list: actions.listOverviews }),
    {
      method: 'get', path: '/actions/views/overview/{ref}', tag, summary: 'An action with all its parameters',
      handle: async ({ principal, params }) => ({ body: await actions.overview(principal, params['ref'] ?? '') }),
    },
    {
      method: 'get', path: '/actions/views/entry_point/{ref}', tag, summary: 'Text of an action’s entry point',
      handle: async ({ principal, params }) => {
        const { text, mediaType } = await actions.entryPoint(principal, params['ref'] ?? '');
        return { body: text, type: mediaType };
      },
    },
    {
      method: 'get', path: '/actions/{ref_or_id}', tag, summary: 'An action',
      handle: async ({ principal, params }) => ({ body: await actions.get(principal, params['ref_or_id'] ?? '') }),
    },
    {
      method: 'put', path: '/actions/{ref_or_id}', tag, summary: 'Replace an action', body: ActionMetadata,
      handle: async ({ principal, params, body }) => ({ body: await actions.update(principal, params['ref_or_id'] ?? '', body) }),
    },
    {
      method: 'post', path: '/actions/{ref_or_id}/clone', tag, summary: 'Copy an action with its files into another pack', body: CloneRequest, status: 201,
      handle: async ({ principal, params, body }) => ({ body: await actions.clone(principal, params['ref_or_id'] ?? '', body) }),
    },
    {
      method: 'delete', path: '/actions/{ref_or_id}', tag, summary: 'Remove an action', status: 204,
      handle: async ({ principal, params }) => {
        await actions.remove(principal, params['ref_or_id'] ?? '');
        return {};
      },
    },
  ]; // prettier-ignore
}
