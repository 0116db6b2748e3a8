import { sql } from 'kysely';
import type { DefinitionKind, DefinitionKinds, DefinitionSnapshot } from '../../ports/store';
import type { Database } from './schema';

interface SnapshotRow {
  version: string | number;
  kind: DefinitionKind | null;
  ref: string | null;
  /** Null of what was removed. */
  document: unknown;
}

const KINDS = sql`('rule', 'action', 'trigger_type', 'trigger', 'pack', 'runner_setting')`;

/** One statement, so one snapshot of the database: the version belongs to exactly these documents. */
export async function snapshot(db: Database, since?: number): Promise<DefinitionSnapshot> {
  if (since !== undefined) {
    const rows = await changesSince(db, since);
    // A version that goes back is another database's.
    if (Number(rows[0]?.version ?? 0) >= since) return { ...snapshotOf(rows), since, removed: removedIn(rows) };
  }
  const { rows } = await sql<SnapshotRow>`
    select v.version, d.kind, d.ref, d.document from definition_version v
    left join definitions d on d.kind in ${KINDS}
    order by d.kind, d.pack, d.ref`.execute(db);
  return snapshotOf(rows);
}

async function changesSince(db: Database, since: number): Promise<SnapshotRow[]> {
  const { rows } = await sql<SnapshotRow>`
    select v.version, d.kind, d.ref, d.document from definition_version v
    left join (
      select kind, ref, document from definitions where version > ${since} and kind in ${KINDS}
      union all
      select kind, ref, null from removed_definitions where version > ${since} and kind in ${KINDS}
    ) d on true
    order by d.kind, d.ref`.execute(db);
  return rows;
}

const removedIn = (rows: readonly SnapshotRow[]): { kind: DefinitionKind; ref: string }[] =>
  rows.flatMap(({ kind, ref, document }) =>
    kind !== null && ref !== null && document === null ? [{ kind, ref }] : [],
  );

function snapshotOf(rows: readonly SnapshotRow[]): DefinitionSnapshot {
  const of = <K extends DefinitionKind>(kind: K): DefinitionKinds[K][] =>
    rows.flatMap((row) => (row.kind === kind && row.document !== null ? [row.document as DefinitionKinds[K]] : []));
  return {
    version: Number(rows[0]?.version ?? 0),
    rules: of('rule'),
    actions: of('action'),
    triggerTypes: of('trigger_type'),
    triggers: of('trigger'),
    packs: of('pack'),
    runnerSettings: of('runner_setting'),
  };
}

/**
 * The definitions as they were at a version: those of now, with every later change undone. Null for a version from before what is kept, or one that
 * never was.
 */
export async function snapshotAt(db: Database, version: number): Promise<DefinitionSnapshot | null> {
  const { rows } = await sql<SnapshotRow & { kept: boolean }>`
    with before as (
      select distinct on (kind, ref) kind, ref, document from definition_history
      where version > ${version} and kind in ${KINDS} order by kind, ref, version
    )
    select v.kept_from <= ${version} and ${version} <= v.version as kept, ${version}::bigint as version, d.kind, d.ref, d.document
    from definition_version v left join (
      select kind, ref, document from before where document is not null
      union all
      select kind, ref, document from definitions
      where kind in ${KINDS} and (kind, ref) not in (select kind, ref from before)
    ) d on true
    order by d.kind, d.ref`.execute(db);
  return rows[0]?.kept ? snapshotOf(rows) : null;
}
