import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { LetterRow, LetterState, SetAside, Settlement } from '../../model/dead-letter';
import type { ErrorCode } from '../../model/errors';
import type { DeadLetterRows, LetterFilter } from '../../ports/dead-letter-rows';
import { pageOf } from './paging';
import { chunks, storable, storableTime } from './schema';
import type { Database, Tables } from './schema';
import { translating } from './translate-errors';

type Row = Tables['dead_letters'];

export function deadLetterStore(db: Database): DeadLetterRows {
  return translating<DeadLetterRows>({
    async project(letters) {
      for (const part of chunks(inOrder(letters.map(toRow)))) {
        await db
          .insertInto('dead_letters')
          .values(part)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
      }
    },

    async get(id) {
      const row = await db.selectFrom('dead_letters').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? fromRow(row) : null;
    },

    async list({ states, ...query }) {
      const all = filtered(db, query);
      const asked = states === undefined ? all : all.where('state', 'in', [...states]);
      const page = await pageOf<'dead_letters', Selectable<Row>, Selectable<Row>>(asked, query, (rows) =>
        rows.selectAll().orderBy('set_aside_at', 'desc').orderBy('id', 'desc'),
      );
      return { rows: page.rows.map(fromRow), total: page.total };
    },

    async open({ until, after, limit, ...filter }) {
      let rows = filtered(db, filter).where('state', '=', 'open');
      rows = rows.where('set_aside_at', '<=', storableTime(until) as never);
      if (after !== undefined) rows = rows.where('id', '>', after);
      return (await rows.selectAll().orderBy('id').limit(limit).execute()).map(fromRow);
    },

    async settle(settled) {
      const ended: string[] = [];
      const rows = settled.map(({ letter, settlement }) => ({ ...toRow(letter), ...settlementRow(settlement) }));
      for (const part of chunks(inOrder(rows))) {
        const changed = await db
          .insertInto('dead_letters')
          .values(part)
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet({
                state: (row) => row.ref('excluded.state'),
                settled_at: (row) => row.ref('excluded.settled_at').$castTo<string>(),
                settled_by: (row) => row.ref('excluded.settled_by').$castTo<string>(),
                settled_with: (row) => row.ref('excluded.settled_with').$castTo<string>(),
              })
              .where(sql<boolean>`dead_letters.state = 'open'`),
          )
          .returning('id')
          .execute();
        ended.push(...changed.map(({ id }) => id));
      }
      return ended;
    },

    async clearOpen() {
      await db.deleteFrom('dead_letters').where('state', '=', 'open').execute();
    },
  });
}

function filtered(db: Database, { code, trigger, rule }: LetterFilter) {
  let rows = db.selectFrom('dead_letters');
  if (code !== undefined) rows = rows.where('code', '=', code);
  if (trigger !== undefined) rows = rows.where('trigger', '=', trigger);
  if (rule !== undefined) rows = rows.where('rule_ref', '=', rule);
  return rows;
}

/** One row per id (the first one given), sorted by id: writers of the same rows take them in the same order and can't deadlock. */
function inOrder<T extends { id: string }>(rows: readonly T[]): T[] {
  const unique = new Map([...rows].reverse().map((row) => [row.id, row]));
  return [...unique.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const storableOrNull = (text: string | null): string | null => (text === null ? null : storable(text));

const toRow = (letter: SetAside) => ({
  id: letter.id,
  code: letter.code,
  reason: storable(letter.reason),
  is_event: letter.isEvent,
  trigger: storableOrNull(letter.trigger),
  source: storableOrNull(letter.source),
  event_id: storableOrNull(letter.eventId),
  trace_tag: storableOrNull(letter.traceTag),
  occurred_at: letter.occurredAt === null ? null : storableTime(letter.occurredAt),
  rule_ref: storableOrNull(letter.ruleRef),
  set_aside_at: storableTime(letter.setAsideAt),
  dlq_partition: letter.place.partition,
  dlq_offset: letter.place.offset,
});

const settlementRow = ({ state, by, at, ...led }: Settlement) => ({
  state,
  settled_at: storableTime(at),
  settled_by: storable(by),
  settled_with: JSON.stringify(led),
});

const fromRow = (row: Selectable<Row>): LetterRow => ({
  id: row.id,
  code: row.code as ErrorCode,
  reason: row.reason,
  isEvent: row.is_event,
  trigger: row.trigger,
  source: row.source,
  eventId: row.event_id,
  traceTag: row.trace_tag,
  occurredAt: row.occurred_at?.toISOString() ?? null,
  ruleRef: row.rule_ref,
  setAsideAt: row.set_aside_at.toISOString(),
  place: { partition: row.dlq_partition, offset: Number(row.dlq_offset) },
  state: row.state as LetterState,
  settlement: settlementOf(row),
});

function settlementOf(row: Selectable<Row>): Settlement | null {
  if (row.settled_at === null) return null;
  return {
    ...(row.settled_with as Omit<Settlement, 'state' | 'by' | 'at'>),
    state: row.state as Settlement['state'],
    by: row.settled_by ?? '',
    at: row.settled_at.toISOString(),
  };
}
