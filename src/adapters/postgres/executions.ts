import { sql } from 'kysely';
import type { Insertable } from 'kysely';
import type { AuditRecord } from '../../model/audit';
import { EverstormError } from '../../model/errors';
import type { Execution } from '../../model/execution';
import { applyRecords, executionDocument, projectionOf } from '../../model/execution-projection';
import type { ExecutionProjection } from '../../model/execution-projection';
import type { ProjectedChange } from '../../model/projected-changes';
import { parseTimestamp } from '../../model/timestamps';
import type { ExecutionRows, KnownExecution } from '../../ports/store';
import { filteredExecutions, sortedExecutions } from './execution-query';
import { pageOf } from './paging';
import { chunks, storable, storableTime } from './schema';
import type { Database, Tables } from './schema';
import { translating } from './translate-errors';

type NewRow = Insertable<Tables['executions']>;
type Projections = Map<string, { projection: ExecutionProjection | null; revision: number }>;

/** A row is written over by another process only while a consumer group rebalances; each attempt ends with at least one writer done. */
const MAX_ATTEMPTS = 10;

export function executionStore(db: Database, webUiBase: string): ExecutionRows {
  return translating<ExecutionRows>({
    async project(records) {
      const byId = byExecution(records);
      for (const ids of chunks([...byId.keys()].sort())) {
        await projectAll(db, webUiBase, new Map(ids.map((id) => [id, byId.get(id) ?? []])));
      }
    },

    async get(id) {
      const row = await db.selectFrom('executions').select('document').where('id', '=', id).executeTakeFirst();
      return row ? (row.document as Execution) : null;
    },

    async list(query) {
      const page = await pageOf<'executions', { document: unknown }, { document: Execution }>(
        filteredExecutions(db, query),
        query,
        (rows) => sortedExecutions(rows.select('document'), query.sort),
      );
      return { rows: page.rows.map(({ document }) => document), total: page.total };
    },

    async known(ids) {
      const found = new Map<string, KnownExecution>();
      for (const part of chunks(ids)) {
        const rows = await db.selectFrom('executions').select(KNOWN).where('id', 'in', part).execute();
        for (const row of rows) found.set(row.id, toKnown(row));
      }
      return found;
    },

    async countBegun(from, to) {
      const row = await db
        .selectFrom('executions')
        .select(sql<string>`count(*)`.as('count'))
        .where('start_timestamp', '>=', sql<Date>`${from.toISOString()}::timestamptz`)
        .where('start_timestamp', '<', sql<Date>`${to.toISOString()}::timestamptz`)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },

    async unfinished({ unchangedForMs, limit }) {
      const distance = sql`least(power(2, looks), 32) * ${unchangedForMs} * interval '1 millisecond'`;
      const rows = await db
        .updateTable('executions')
        .set({ looked_at: sql<Date>`now()`, looks: sql<number>`looks + 1` })
        .where('id', 'in', (among) =>
          among
            .selectFrom('executions')
            .select('id')
            .where('end_timestamp', 'is', null)
            .where(sql<boolean>`coalesce(looked_at, changed_at) + ${distance} <= now()`)
            .orderBy('changed_at')
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .returning(KNOWN)
        .execute();
      return rows.map(toKnown);
    },

    async replace(executions, changes) {
      const byId = new Map(executions.map((execution) => [execution.id, execution]));
      const rows = [...byId.keys()].sort().flatMap((id) => rebuiltRow(byId.get(id), changes?.get(id)) ?? []);
      for (const part of chunks(rows)) await write(db, part, 'always');
    },

    async clear() {
      await sql`truncate executions, trigger_instances, processed_marks`.execute(db);
    },
  });
}

/**
 * Two round trips for any number of records: read what is known of their executions, write what it becomes. A row that somebody else
 * wrote in between (its revision moved on) is not written but read again.
 */
async function projectAll(db: Database, webUiBase: string, records: Map<string, AuditRecord[]>): Promise<void> {
  let open = records;
  for (let attempt = 0; attempt < MAX_ATTEMPTS && open.size > 0; attempt++) {
    const known = await read(db, [...open.keys()]);
    const rows = [...open].flatMap(([id, news]) => projectedRow(known.get(id), news, webUiBase) ?? []);
    const written = rows.length > 0 ? await write(db, rows, 'unless-moved-on') : new Set<string>();
    const refused = new Set(rows.map(({ id }) => id).filter((id) => !written.has(id)));
    open = new Map([...open].filter(([id]) => refused.has(id)));
  }
  if (open.size > 0) throw new EverstormError('UNAVAILABLE', 'executions are being written by too many processes');
}

const KNOWN = ['id', 'document', 'projection', 'run_id'] as const;

const toKnown = (row: { document: unknown; projection: unknown; run_id: string }): KnownExecution => ({
  execution: row.document as Execution,
  runId: row.run_id,
  changes: (row.projection as ExecutionProjection).changes,
});

function byExecution(records: readonly AuditRecord[]): Map<string, AuditRecord[]> {
  const byId = new Map<string, AuditRecord[]>();
  for (const record of records) byId.set(record.executionId, [...(byId.get(record.executionId) ?? []), record]);
  return byId;
}

async function read(db: Database, ids: string[]): Promise<Projections> {
  const rows = await db
    .selectFrom('executions')
    .select(['id', 'projection', 'revision'])
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map(({ id, projection, revision }) => [
      id,
      { projection: projection as ExecutionProjection | null, revision },
    ]),
  );
}

/** Null when the records tell nothing new. */
function projectedRow(
  known: { projection: ExecutionProjection | null; revision: number } | undefined,
  records: readonly AuditRecord[],
  webUiBase: string,
): NewRow | null {
  const before = known?.projection ?? null;
  const projection = applyRecords(before, records);
  if (!projection || projection === before) return null;
  const document = executionDocument(projection.parts, webUiBase);
  const { run, sequence } = projection.head;
  const columns = documentColumns(document, projection.parts.triggerRef ?? null);
  return {
    ...columns,
    projection: JSON.stringify(projection),
    run_id: run,
    sequence,
    revision: (known?.revision ?? 0) + 1,
  };
}

function rebuiltRow(execution: Execution | undefined, changes: readonly ProjectedChange[] | undefined): NewRow | null {
  if (!execution) return null;
  const projection = projectionOf(execution, changes);
  const columns = documentColumns(execution, projection.parts.triggerRef ?? null);
  const { run, sequence } = projection.head;
  return { ...columns, projection: JSON.stringify(projection), run_id: run, sequence, revision: 1 };
}

function documentColumns(document: Execution, triggerRef: string | null) {
  const { context } = document;
  return {
    id: document.id,
    action: document.action.ref,
    runner: document.runner.name,
    status: document.status,
    username: storable(context.user),
    rule_ref: context.rule?.ref ?? null,
    trigger_ref: triggerRef === null ? null : storable(triggerRef),
    trigger_instance_id: context.trigger_instance?.id ?? null,
    parent: document.parent ?? null,
    start_timestamp: fromStamp(document.start_timestamp),
    end_timestamp: document.end_timestamp === undefined ? null : fromStamp(document.end_timestamp),
    document: JSON.stringify(document),
  };
}

const fromStamp = (stamp: string): string => storableTime(new Date(parseTimestamp(stamp) ?? 0).toISOString());

const COLUMNS = [
  'action', 'runner', 'status', 'username', 'rule_ref', 'trigger_ref', 'trigger_instance_id', 'parent',
  'start_timestamp', 'end_timestamp', 'document', 'projection', 'run_id', 'sequence',
] as const; // prettier-ignore

/** Returns the ids that were written. */
async function write(db: Database, rows: NewRow[], when: 'always' | 'unless-moved-on'): Promise<Set<string>> {
  const fresh = Object.fromEntries(COLUMNS.map((column) => [column, sql.ref(`excluded.${column}`)]));
  const revision = when === 'always' ? sql<number>`executions.revision + 1` : sql<number>`excluded.revision`;
  const written = await db
    .insertInto('executions')
    .values(rows)
    .onConflict((conflict) => {
      const looked = { changed_at: sql<Date>`now()`, looked_at: null, looks: 0 };
      const update = conflict.column('id').doUpdateSet({ ...fresh, ...looked, revision });
      return when === 'always' ? update : update.where(sql<boolean>`executions.revision = excluded.revision - 1`);
    })
    .returning('id')
    .execute();
  return new Set(written.map(({ id }) => id));
}
