import { EverstormError } from '../../model/errors';
import { ReEmissionRequest } from '../../model/re-emission';
import type { Services } from '../../services/create-services';
import { idempotencyKey } from '../idempotency-key';
import { LIST_PARAMETERS, filtersOf, listAnswer, pageOf, projectionOf, timestampOf } from '../list';
import type { Query, Route } from '../route';

const ATTRIBUTES = new Set(['id', 'trigger', 'occurrence_time', 'status', 'payload']);
const tag = 'trigger instances';

function sortOf(query: Query): 'asc' | 'desc' {
  const sort = query.text('sort') ?? '-occurrence_time';
  const [, direction, field] = /^([+\- ]?)(\w+)$/.exec(sort) ?? [];
  if (field !== 'occurrence_time' && field !== 'timestamp') {
    throw new EverstormError('INVALID_REQUEST', `Sorting trigger instances by "${sort}" is not supported.`);
  }
  return direction === '-' ? 'desc' : 'asc';
}

export function triggerInstanceRoutes({ triggerInstances, reEmissions, explanations }: Services): Route[] {
  return [
    {
      method: 'get',
      path: '/triggerinstances',
      tag,
      summary: 'List trigger instances, newest first',
      query: {
        trigger: 'Only of this trigger (ref).',
        status: 'Only with this status.',
        timestamp_gt: 'Only after this time.',
        timestamp_lt: 'Only before this time.',
        sort: '`occurrence_time` or `-occurrence_time`.',
        ...LIST_PARAMETERS,
      },
      handle: async ({ principal, query }) => {
        const page = pageOf(query);
        const project = projectionOf(query, ATTRIBUTES);
        const [after, before] = [timestampOf(query, 'timestamp_gt'), timestampOf(query, 'timestamp_lt')];
        const found = await triggerInstances.list(principal, {
          ...page,
          ...filtersOf(query, ['trigger', 'status']),
          ...(after !== undefined && { timestamp_gt: after }),
          ...(before !== undefined && { timestamp_lt: before }),
          sort: sortOf(query),
        });
        return listAnswer(found, page.limit, project);
      },
    },
    {
      method: 'get',
      path: '/triggerinstances/{id}',
      tag,
      summary: 'A trigger instance',
      handle: async ({ principal, params }) => ({ body: await triggerInstances.get(principal, params['id'] ?? '') }),
    },
    {
      method: 'get',
      path: '/triggerinstances/{id}/explain',
      tag,
      summary: 'What all rules of its trigger say of an event, and why',
      handle: async ({ principal, params }) => ({ body: await explanations.instance(principal, params['id'] ?? '') }),
    },
    {
      method: 'post',
      path: '/triggerinstances/{id}/re_emit',
      tag,
      summary: 'Put the event into the log again',
      handle: async ({ principal, params, headers }) => {
        const { message, payload, id } = await reEmissions.one(principal, params['id'] ?? '', idempotencyKey(headers));
        return { body: { message, payload }, headers: { 'X-Trigger-Instance': id } };
      },
    },
    {
      method: 'post',
      path: '/triggerinstances/re_emit',
      tag,
      summary: 'Put several events into the log again, with an outcome for each',
      body: ReEmissionRequest,
      handle: async ({ principal, body, headers }) => ({
        body: await reEmissions.many(principal, body, idempotencyKey(headers)),
      }),
    },
  ];
}
