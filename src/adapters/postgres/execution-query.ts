import { sql } from 'kysely';
import type { SelectQueryBuilder } from 'kysely';
import type { ExecutionQuery } from '../../ports/store';
import { queryTime } from './paging';
import type { Database, Tables } from './schema';

type Rows<O> = SelectQueryBuilder<Tables, 'executions', O>;

/**
 * StackStorm's filters. StackStorm compares `rule`, `trigger` and `trigger_type` with the bare name; here the full ref is taken too.
 * A record names no trigger type, so that filter goes through the registered triggers.
 */
export function filteredExecutions(db: Database, query: ExecutionQuery): Rows<object> {
  let rows: Rows<object> = db.selectFrom('executions');
  const equal = {
    id: query.id,
    action: query.action,
    status: query.status,
    username: query.user,
    runner: query.runner,
    trigger_instance_id: query.trigger_instance,
  };
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) rows = rows.where(column as keyof typeof equal, '=', value);
  }
  if (query.rule !== undefined) rows = rows.where(refOrName('rule_ref', query.rule));
  if (query.trigger !== undefined) rows = rows.where(refOrName('trigger_ref', query.trigger));
  if (query.trigger_type !== undefined) rows = rows.where(ofTriggerType(query.trigger_type));
  if (query.parent === null) rows = rows.where('parent', 'is', null);
  else if (query.parent !== undefined) rows = rows.where('parent', '=', query.parent);
  return withinTimes(rows, query);
}

function withinTimes(rows: Rows<object>, { timestamp_gt: after, timestamp_lt: before }: ExecutionQuery): Rows<object> {
  let within = rows;
  if (after !== undefined) within = within.where('start_timestamp', '>', queryTime(after, 'timestamp_gt') as never);
  if (before !== undefined) within = within.where('start_timestamp', '<', queryTime(before, 'timestamp_lt') as never);
  return within;
}

/** The name is what follows the ref's first dot. */
const refOrName = (column: 'rule_ref' | 'trigger_ref', text: string) =>
  sql<boolean>`(${sql.ref(column)} = ${text} or substr(${sql.ref(column)}, strpos(${sql.ref(column)}, '.') + 1) = ${text})`;

const ofTriggerType = (type: string) =>
  sql<boolean>`(${refOrName('trigger_ref', type)} or trigger_ref in (
    select d.ref from definitions d where d.kind = 'trigger'
      and (d.document ->> 'type' = ${type} or substr(d.document ->> 'type', strpos(d.document ->> 'type', '.') + 1) = ${type})))`;

/** Ends with the id, so that pages neither repeat nor skip executions of the same time. */
export function sortedExecutions<O>(rows: Rows<O>, sort: ExecutionQuery['sort']): Rows<O> {
  const keys = sort.length > 0 ? sort : [{ field: 'start_timestamp', direction: 'desc' } as const];
  let sorted = rows;
  for (const { field, direction } of keys) sorted = sorted.orderBy(field, direction);
  return sorted.orderBy('id', keys.at(-1)?.direction ?? 'desc');
}
