import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { LoggedEvent } from '../../model/event';
import { PARTITION_DIGITS, partitionOf } from '../../model/ids';
import { TriggerInstanceStatus } from '../../model/statuses';
import type { TriggerInstanceQuery, TriggerInstanceRow, TriggerInstances } from '../../ports/store';
import { pageOf, queryTime } from './paging';
import { chunks, storable, storableTime } from './schema';
import type { Database, Tables } from './schema';
import { translating } from './translate-errors';

type Row = Tables['trigger_instances'];

export function triggerInstanceStore(db: Database): TriggerInstances {
  return translating<TriggerInstances>({
    /** A row that is there stays as it is: the log does not change, and the status may be known already. */
    async project(events) {
      for (const part of chunks(inOrder(events.map((event) => toRow(event, TriggerInstanceStatus.pending))))) {
        await db
          .insertInto('trigger_instances')
          .values(part)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
      }
    },

    async passed(throughId) {
      await db
        .insertInto('processed_marks')
        .values({ log: partitionOf(throughId), through: throughId })
        .onConflict((conflict) =>
          conflict.column('log').doUpdateSet({ through: throughId }).where('processed_marks.through', '<', throughId),
        )
        .execute();
    },

    async setStatus(changes) {
      for (const part of chunks(inOrder(changes.map(({ event, status }) => toRow(event, status))))) {
        await db
          .insertInto('trigger_instances')
          .values(part)
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ status: (row) => row.ref('excluded.status') }))
          .execute();
      }
    },

    async settle(which, status) {
      const pending = db
        .updateTable('trigger_instances')
        .set({ status })
        .where('status', '=', TriggerInstanceStatus.pending);
      if ('from' in which) await pending.where('id', '>=', which.from).where('id', '<', which.before).execute();
      else for (const ids of chunks(which)) await pending.where('id', 'in', ids).execute();
    },

    async get(id) {
      const row = await db.selectFrom('trigger_instances').select(SHOWN).where('id', '=', id).executeTakeFirst();
      return row ? fromRow(row) : null;
    },

    async list(query) {
      const page = await pageOf<'trigger_instances', Selectable<Row>, Selectable<Row>>(
        filtered(db, query),
        query,
        (rows) => rows.select(SHOWN).orderBy('occurred_at', query.sort).orderBy('id', query.sort),
      );
      return { rows: page.rows.map(fromRow), total: page.total };
    },
  });
}

/** A row is written as `pending` and stays so when nothing out of the ordinary happens: the mark of its partition tells what became of it. */
const PASSED = sql<boolean>`trigger_instances.id <= (select through from processed_marks where log = left(trigger_instances.id, ${sql.lit(PARTITION_DIGITS)}))`;
const STATUS = sql<string>`case when status = ${sql.lit(TriggerInstanceStatus.pending)} and ${PASSED} then ${sql.lit(TriggerInstanceStatus.processed)} else status end`;
const SHOWN = [
  ...(['id', 'trigger', 'occurred_at', 'source', 'event_id', 'trace_tag'] as const),
  STATUS.as('status'),
] as const;

/** One row per id (the last one given), sorted by id: writers that touch the same rows take them in the same order and can't deadlock. */
function inOrder<T extends { id: string }>(rows: readonly T[]): T[] {
  const unique = new Map(rows.map((row) => [row.id, row]));
  return [...unique.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function filtered(db: Database, query: TriggerInstanceQuery) {
  let rows = db.selectFrom('trigger_instances');
  const { trigger, status, timestamp_gt: after, timestamp_lt: before } = query;
  if (trigger !== undefined) rows = rows.where('trigger', '=', trigger);
  if (status !== undefined) rows = rows.where(STATUS, '=', status);
  if (after !== undefined) rows = rows.where('occurred_at', '>', queryTime(after, 'timestamp_gt') as never);
  if (before !== undefined) rows = rows.where('occurred_at', '<', queryTime(before, 'timestamp_lt') as never);
  return rows;
}

const toRow = (event: LoggedEvent, status: TriggerInstanceStatus) => ({
  id: event.instanceId,
  trigger: storable(event.trigger),
  occurred_at: storableTime(event.occurredAt),
  source: storable(event.source),
  event_id: storable(event.eventId),
  trace_tag: event.traceTag === undefined ? null : storable(event.traceTag),
  status,
});

const fromRow = (row: Selectable<Row>): TriggerInstanceRow => ({
  id: row.id,
  trigger: row.trigger,
  occurredAt: row.occurred_at.toISOString(),
  source: row.source,
  eventId: row.event_id,
  traceTag: row.trace_tag,
  status: row.status as TriggerInstanceStatus,
});
