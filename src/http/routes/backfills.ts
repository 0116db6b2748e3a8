import { BackfillRequest } from '../../model/backfill';
import type { Services } from '../../services/create-services';
import { filtersOf, pageOf } from '../list';
import { idempotencyKey } from '../idempotency-key';
import type { Route } from '../route';

const tag = 'backfills';

/** Holding rules against the log's past. A backfill's id has slashes: `/backfills/backfill/default.r/0f…`, or with `%2F`. */
export function backfillRoutes({ backfills }: Services): Route[] {
  return [
    {
      method: 'post', path: '/rules/{ref_or_id}/backfills', tag, status: 201, body: BackfillRequest,
      summary: 'Hold a rule against a range of the log, and start what never ran',
      handle: async ({ principal, params, body, headers }) => ({
        body: await backfills.start(principal, params['ref_or_id'] ?? '', body, idempotencyKey(headers)),
      }),
    },
    {
      method: 'get', path: '/backfills', tag, summary: 'List backfills, newest first',
      query: { rule: 'Only of this rule (ref or id).', limit: 'Rows at most; -1 = all (default 100).' },
      handle: async ({ principal, query }) => {
        const { limit } = pageOf(query);
        const rows = await backfills.list(principal, {
          ...filtersOf(query, ['rule']),
          limit: limit < 0 ? Number.MAX_SAFE_INTEGER : limit,
        });
        return { body: rows, headers: { 'X-Limit': String(limit) } };
      },
    },
    {
      method: 'get', path: '/backfills/{+id}', tag, summary: 'A backfill: how far it is, and what it led to',
      handle: async ({ principal, params }) => ({ body: await backfills.get(principal, params['id'] ?? '') }),
    },
    {
      method: 'delete', path: '/backfills/{+id}', tag, summary: 'Cancel a backfill',
      handle: async ({ principal, params }) => ({ body: await backfills.cancel(principal, params['id'] ?? '') }),
    },
  ]; // prettier-ignore
}
