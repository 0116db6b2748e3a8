import type { Services } from '../../services/create-services';
import type { Route } from '../route';

/** Everstorm's own: the copy that lists are answered from. */
export function readModelRoutes({ rebuild }: Services): Route[] {
  return [
    {
      method: 'post',
      path: '/readmodel/rebuild',
      tag: 'read model',
      summary: 'Make the read model anew from Kafka and Temporal; answers with the number of rows when it is done',
      handle: async ({ principal }) => ({ body: await rebuild(principal) }),
    },
  ];
}
