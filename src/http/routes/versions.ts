import type { Services } from '../../services/create-services';
import type { Route } from '../route';

/** Everstorm's own: versions of the workflows, and which of them runs how many executions. */
export function versionRoutes({ versions }: Services): Route[] {
  return [
    {
      method: 'get',
      path: '/versions',
      tag: 'versions',
      summary: 'Versions of the workflows, newest first',
      handle: async ({ principal }) => ({ body: await versions.list(principal) }),
    },
    {
      method: 'post',
      path: '/versions/{build_id}/promote',
      tag: 'versions',
      summary: 'Run new executions on this version; open ones stay where they are',
      handle: async ({ principal, params }) => ({ body: await versions.promote(principal, params['build_id'] ?? '') }),
    },
  ];
}
