import { sql } from 'kysely';
import { canonicalJson } from '../../model/canonical-json';
import { EverstormError, errorCode } from '../../model/errors';
import type { Action } from '../../model/action';
import { contentHash } from '../../model/ids';
import type { JsonValue } from '../../model/json';
import type { Pack } from '../../model/pack';
import type { RunnerSetting } from '../../model/runner-type';
import type {
  DefinitionKind,
  DefinitionKinds,
  DefinitionQuery,
  Definitions,
  DefinitionSnapshot,
  Origin,
} from '../../ports/store';
import { DEFINITIONS_CHANNEL } from './notifications';
import type { Notifications } from './notifications';
import { pageOf } from './paging';
import type { Database } from './schema';
import { translated, translating } from './translate-errors';

/** What every kind of document has. A pack has no `pack`: it is its own. */
interface Identified {
  id: string;
  uid: string;
  ref: string;
  pack?: string;
}

export function definitionStore(db: Database, notifications: Notifications): Definitions {
  const methods: Definitions = {
    async get<K extends DefinitionKind>(kind: K, refOrId: string): Promise<DefinitionKinds[K] | null> {
      const row = await db
        .selectFrom('definitions')
        .select('document')
        .where('kind', '=', kind)
        .where((where) => where.or([where('ref', '=', refOrId), where('id', '=', refOrId)]))
        .executeTakeFirst();
      return row ? (row.document as DefinitionKinds[K]) : null;
    },

    async toRun(actionRefOrId) {
      const { rows } = await sql<{ action: Action; pack: Pack | null; setting: RunnerSetting | null }>`
        select action.document as action, pack.document as pack, setting.document as setting
        from definitions as action
        left join definitions as pack on pack.kind = 'pack' and pack.ref = action.pack
        left join definitions as setting on setting.kind = 'runner_setting' and setting.ref = action.document ->> 'runner_type'
        where action.kind = 'action' and (action.ref = ${actionRefOrId} or action.id = ${actionRefOrId})
        limit 1`.execute(db);
      return rows[0] ?? null;
    },

    async list<K extends DefinitionKind>(kind: K, query: DefinitionQuery) {
      let filtered = db.selectFrom('definitions').where('kind', '=', kind);
      if (query.pack !== undefined) filtered = filtered.where('pack', '=', query.pack);
      for (const [field, value] of Object.entries(query.where ?? {})) {
        filtered = filtered.where(sql<string>`document #>> ${field.split('.')}::text[]`, '=', String(value));
      }
      const page = await pageOf<'definitions', { document: unknown }, { document: DefinitionKinds[K] }>(
        filtered,
        query,
        (rows) => rows.select('document').orderBy('pack').orderBy('ref'),
      );
      return { rows: page.rows.map(({ document }) => document), total: page.total };
    },

    async create(kind, document, origin) {
      const values = rowValues(kind, document, origin);
      const written = await changing(db, sql`insert into definitions ${values} on conflict do nothing`);
      if (!written) throw await conflict(db, kind, document);
    },

    put: (kind, document, origin) =>
      changing(
        db,
        sql`insert into definitions ${rowValues(kind, document, origin)}
          on conflict (kind, ref) do update set id = excluded.id, uid = excluded.uid, pack = excluded.pack,
            origin = excluded.origin, document = excluded.document, content_hash = excluded.content_hash, updated_at = now()
          where definitions.content_hash <> excluded.content_hash or definitions.origin <> excluded.origin`,
      ),

    async replace({ kind, oldRef }, document, origin) {
      const { id, uid, ref, pack = ref } = document as Identified;
      const json = JSON.stringify(document);
      const hash = hashOf(document);
      const written = await changing(
        db,
        sql`update definitions set ref = ${ref}, id = ${id}, uid = ${uid}, pack = ${pack}, origin = ${origin}, document = ${json},
          content_hash = ${hash}, updated_at = now() where kind = ${kind} and ref = ${oldRef}`,
      ).catch(async (error: unknown) => {
        if (errorCode(translated(error)) !== 'CONFLICT') throw error;
        throw await conflict(db, kind, document, oldRef);
      });
      return written;
    },

    remove: (kind, ref) => changing(db, sql`delete from definitions where kind = ${kind} and ref = ${ref}`),

    async refs(kind, pack, origin) {
      const rows = await db
        .selectFrom('definitions')
        .select('ref')
        .where('kind', '=', kind)
        .where('pack', '=', pack)
        .where('origin', '=', origin)
        .orderBy('ref')
        .execute();
      return rows.map(({ ref }) => ref);
    },

    snapshot: () => snapshot(db),
    version: async () =>
      Number((await db.selectFrom('definition_version').select('version').executeTakeFirstOrThrow()).version),
    subscribe: (listener) => notifications.subscribe(listener),
  };
  return translating(methods);
}

function rowValues(kind: DefinitionKind, document: DefinitionKinds[DefinitionKind], origin: Origin) {
  const { id, uid, ref, pack = ref } = document as Identified;
  const hash = hashOf(document);
  return sql`(kind, ref, id, uid, pack, origin, document, content_hash)
    values (${kind}, ${ref}, ${id}, ${uid}, ${pack}, ${origin}, ${JSON.stringify(document)}, ${hash})`;
}

const hashOf = (document: object): string => contentHash(canonicalJson(document as unknown as JsonValue));

/**
 * Runs a statement that writes definitions, and in the same statement (so in the same transaction, in one round trip) raises the
 * version and notifies, both only when a row was written. The version's row orders the writers: who reads version n sees all up to n.
 */
async function changing(db: Database, statement: ReturnType<typeof sql>): Promise<boolean> {
  const { rows } = await sql`with changed as (${statement} returning 1),
    raised as (update definition_version set version = version + 1 where exists (select 1 from changed) returning 1)
    select pg_notify(${DEFINITIONS_CHANNEL}, '') from raised`.execute(db);
  return rows.length > 0;
}

/** `except`: ref of one that is not in the way. */
async function conflict(db: Database, kind: DefinitionKind, document: object, except = ''): Promise<EverstormError> {
  const { id, ref } = document as Identified;
  const existing = await db
    .selectFrom('definitions')
    .select('id')
    .where('kind', '=', kind)
    .where('ref', '<>', except)
    .where((where) => where.or([where('ref', '=', ref), where('id', '=', id)]))
    .executeTakeFirst();
  return new EverstormError('CONFLICT', `${kind} ${ref} exists already`, { conflictId: existing?.id ?? id });
}

/** One statement, so one snapshot of the database: the version belongs to exactly these documents. */
async function snapshot(db: Database): Promise<DefinitionSnapshot> {
  const { rows } = await sql<{ version: string | number; kind: DefinitionKind | null; document: unknown }>`
    select v.version, d.kind, d.document from definition_version v
    left join definitions d on d.kind in ('rule', 'action', 'trigger_type', 'trigger', 'pack', 'runner_setting')
    order by d.kind, d.pack, d.ref`.execute(db);
  const of = <K extends DefinitionKind>(kind: K): DefinitionKinds[K][] =>
    rows.filter((row) => row.kind === kind).map((row) => row.document as DefinitionKinds[K]);
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
