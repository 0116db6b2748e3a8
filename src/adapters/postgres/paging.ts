import { sql } from 'kysely';
import type { SelectQueryBuilder } from 'kysely';
import { EverstormError } from '../../model/errors';
import { parseTimestamp } from '../../model/timestamps';
import type { Page, PageRequest } from '../../ports/store';
import type { Tables } from './schema';

/**
 * A page of `filtered`, ordered and shaped by `rows`, and the number of all that match. Two queries on purpose: a window
 * count would tell nothing when the offset lies behind the end.
 */
export async function pageOf<T extends keyof Tables, O, R>(
  filtered: SelectQueryBuilder<Tables, T, object>,
  request: PageRequest,
  rows: (query: SelectQueryBuilder<Tables, T, object>) => SelectQueryBuilder<Tables, T, O>,
): Promise<Page<R>> {
  let page = rows(filtered).offset(Math.max(0, request.offset));
  if (request.limit >= 0) page = page.limit(request.limit);
  const counting = filtered.select(sql<string | number>`count(*)`.as('total'));
  const [found, counted] = await Promise.all([page.execute(), counting.executeTakeFirst()]);
  return { rows: found as R[], total: Number((counted as { total: string | number } | undefined)?.total ?? 0) };
}

/** A StackStorm timestamp of a query as text that Postgres reads as UTC whatever the session's time zone. Throws INVALID_REQUEST. */
export function queryTime(text: string, field: string): string {
  if (parseTimestamp(text) === null) {
    throw new EverstormError('INVALID_REQUEST', `${field} is not a timestamp`, {
      field,
      expected: 'a UTC timestamp such as 2026-01-31T12:00:00.000000Z',
    });
  }
  return text.replace(/(Z|\+00(:?00)?)?$/, 'Z');
}
