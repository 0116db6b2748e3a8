import { sql } from 'kysely';
import { canonicalJson } from '../../model/canonical-json';
import { EverstormError, errorCode } from '../../model/errors';
import type { Action } from '../../model/action';
import { contentHash } from '../../model/ids';
import type { JsonValue } from '../../model/json';
import type { Pack } from '../../model/pack';
import type { RunnerSetting } from '../../model/runner-type';
import type { DefinitionKind, DefinitionKinds, DefinitionQuery, Definitions, Origin } from '../../ports/store';
import { changing } from './definition-changing';
import { snapshot, snapshotAt } from './definition-snapshots';
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
      const statement = sql`${inserted(kind, document, origin)} on conflict do nothing`;
      const written = await changing(db, statement, { kind, refs: [document.ref] });
      if (!written) throw await conflict(db, kind, document);
    },

    put: (kind, document, origin) =>
      changing(
        db,
        sql`${inserted(kind, document, origin)}
          on conflict (kind, ref) do update set id = excluded.id, uid = excluded.uid, pack = excluded.pack, origin = excluded.origin,
            document = excluded.document, content_hash = excluded.content_hash, version = excluded.version, updated_at = now()
          where definitions.content_hash <> excluded.content_hash or definitions.origin <> excluded.origin`,
        { kind, refs: [document.ref] },
      ),

    async replace({ kind, oldRef }, document, origin) {
      const { id, uid, ref, pack = ref } = document as Identified;
      const json = JSON.stringify(document);
      const hash = hashOf(document);
      const written = await changing(
        db,
        sql`update definitions set ref = ${ref}, id = ${id}, uid = ${uid}, pack = ${pack}, origin = ${origin}, document = ${json},
          content_hash = ${hash}, version = next.version, updated_at = now() from next where kind = ${kind} and ref = ${oldRef}`,
        oldRef === ref ? { kind, refs: [ref] } : { kind, refs: [oldRef, ref], buried: oldRef },
      ).catch(async (error: unknown) => {
        if (errorCode(translated(error)) !== 'CONFLICT') throw error;
        throw await conflict(db, kind, document, oldRef);
      });
      return written;
    },

    remove: (kind, ref) =>
      changing(db, sql`delete from definitions using next where kind = ${kind} and ref = ${ref}`, {
        kind,
        refs: [ref],
        buried: ref,
      }),

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

    snapshot: (since) => snapshot(db, since),
    snapshotAt: (version) => snapshotAt(db, version),
    subscribe: (listener) => notifications.subscribe(listener),
  };
  return translating(methods);
}

/** Within {@link changing}. */
function inserted(kind: DefinitionKind, document: DefinitionKinds[DefinitionKind], origin: Origin) {
  const { id, uid, ref, pack = ref } = document as Identified;
  const hash = hashOf(document);
  return sql`insert into definitions (kind, ref, id, uid, pack, origin, document, content_hash, version)
    select ${kind}, ${ref}, ${id}, ${uid}, ${pack}, ${origin}, ${JSON.stringify(document)}::json, ${hash}, next.version from next`;
}

const hashOf = (document: object): string => contentHash(canonicalJson(document as unknown as JsonValue));

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
