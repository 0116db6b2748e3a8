import { TriggerTypeMetadata } from '../../model/trigger';
import type { Services } from '../../services/create-services';
import { TriggerRequest } from '../../services/triggers';
import type { Route } from '../route';
import { listRoute } from './definitions';

const TYPE_ATTRIBUTES = new Set([
  'id', 'uid', 'ref', 'name', 'pack', 'description', 'payload_schema', 'parameters_schema', 'tags', 'metadata_file',
]); // prettier-ignore
const tag = 'triggers';

export function triggerRoutes({ triggers }: Services): Route[] {
  return [
    listRoute({
      path: '/triggertypes', tag, summary: 'List trigger types', attributes: TYPE_ATTRIBUTES, filters: { name: 'name' },
      list: triggers.listTypes,
    }),
    {
      method: 'post', path: '/triggertypes', tag, summary: 'Create a trigger type', body: TriggerTypeMetadata, status: 201,
      handle: async ({ principal, body }) => ({ body: await triggers.createType(principal, body) }),
    },
    {
      method: 'get', path: '/triggertypes/{ref_or_id}', tag, summary: 'A trigger type',
      handle: async ({ principal, params }) => ({ body: await triggers.getType(principal, params['ref_or_id'] ?? '') }),
    },
    {
      method: 'put', path: '/triggertypes/{ref_or_id}', tag, summary: 'Replace a trigger type', body: TriggerTypeMetadata,
      handle: async ({ principal, params, body }) => ({
        body: await triggers.updateType(principal, params['ref_or_id'] ?? '', body),
      }),
    },
    {
      method: 'delete', path: '/triggertypes/{ref_or_id}', tag, summary: 'Remove a trigger type', status: 204,
      handle: async ({ principal, params }) => {
        await triggers.removeType(principal, params['ref_or_id'] ?? '');
        return {};
      },
    },
    {
      method: 'get', path: '/triggers', tag, summary: 'List all triggers',
      handle: async ({ principal }) => ({ body: await triggers.list(principal) }),
    },
    {
      method: 'post', path: '/triggers', tag, summary: 'Create a trigger', body: TriggerRequest, status: 201,
      handle: async ({ principal, body }) => ({ body: await triggers.create(principal, body) }),
    },
    {
      method: 'get', path: '/triggers/{ref_or_id}', tag, summary: 'A trigger',
      handle: async ({ principal, params }) => ({ body: await triggers.get(principal, params['ref_or_id'] ?? '') }),
    },
    {
      method: 'delete', path: '/triggers/{ref_or_id}', tag, summary: 'Remove a trigger', status: 204,
      handle: async ({ principal, params }) => {
        await triggers.remove(principal, params['ref_or_id'] ?? '');
        return {};
      },
    },
  ]; // prettier-ignore
}
