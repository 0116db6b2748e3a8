import { sql } from 'kysely';
import type { DefinitionKind } from '../../ports/store';
import { DEFINITIONS_CHANNEL } from './notifications';
import type { Database } from './schema';

/** Definitions that a statement writes. */
export interface Written {
  kind: DefinitionKind;
  /** All refs at which something may stand otherwise afterwards. */
  refs: readonly string[];
  /** The one of them at which nothing stands then. */
  buried?: string;
}

/** What was changed is kept for so long: nothing is delivered again after that. */
const KEPT = sql.lit('3 days');

/**
 * Runs a statement that writes definitions with the version `next`, and in the same statement (so in the same transaction, in one round trip)
 * raises the version to that, remembers what was `buried` and what stood there before, and notifies; all only when a row was written. The
 * version's row is locked before any other and orders the writers: who reads version n sees all up to n, and nothing of n or before comes
 * later. (Of two writers of the same definition at the same moment, the later may remember what stood there before both.)
 */
export async function changing(
  db: Database,
  statement: ReturnType<typeof sql>,
  { kind, refs, buried }: Written,
): Promise<boolean> {
  const burial =
    buried === undefined
      ? sql`select 1`
      : sql`insert into removed_definitions (kind, ref, version)
        select ${kind}, ${buried}, next.version from next where exists (select 1 from changed)
        on conflict (kind, ref) do update set version = excluded.version`;
  const places = sql.join(refs.map((ref) => sql`(${kind}::text, ${ref}::text)`));
  const { rows } = await sql`with next as (select version + 1 as version from definition_version for update),
    changed as (${statement} returning 1),
    buried as (${burial}),
    kept as (
      insert into definition_history (version, kind, ref, document)
      select next.version, place.kind, place.ref, stood.document
      from next cross join (values ${places}) as place (kind, ref)
      left join definitions stood on stood.kind = place.kind and stood.ref = place.ref
      where exists (select 1 from changed)
    ),
    forgotten as (
      delete from definition_history where made_at < now() - ${KEPT}::interval and exists (select 1 from changed) returning version
    ),
    raised as (
      update definition_version
      set version = version + 1, kept_from = greatest(kept_from, (select max(version) from forgotten))
      where exists (select 1 from changed) returning 1
    )
    select pg_notify(${DEFINITIONS_CHANNEL}, '') from raised`.execute(db);
  return rows.length > 0;
}
