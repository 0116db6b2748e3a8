import type { JsonValue } from '../../model/json';
import type { Services } from '../../services/create-services';
import type { Route } from '../route';

const tag = 'webhooks';

export function webhookRoutes({ webhooks }: Services): Route[] {
  return [
    {
      method: 'get',
      path: '/webhooks',
      tag,
      summary: 'List registered webhooks',
      handle: async ({ principal }) => ({ body: await webhooks.list(principal) }),
    },
    {
      method: 'get',
      path: '/webhooks/{+url}',
      tag,
      summary: 'The trigger of a webhook',
      handle: async ({ principal, params }) => ({ body: await webhooks.get(principal, params['url'] ?? '') }),
    },
    {
      method: 'post',
      path: '/webhooks/{+url}',
      tag,
      summary:
        'Deliver to a webhook; answers after the event log acknowledged, with the instance ids in X-Trigger-Instance',
      status: 202,
      handle: async ({ principal, params, headers, body }) => {
        const delivery = { url: params['url'] ?? '', headers: { ...headers }, body: body as JsonValue };
        const ids = await webhooks.deliver(principal, delivery);
        return { body, headers: { 'X-Trigger-Instance': ids.join(',') } };
      },
    },
  ];
}
