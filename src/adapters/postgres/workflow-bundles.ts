import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { sql } from 'kysely';
import type { WorkflowBundles } from '../../ports/workflow-bundles';
import type { Database } from './schema';
import { translating } from './translate-errors';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

export function workflowBundleStore(db: Database): WorkflowBundles {
  const isKept = async (buildId: string): Promise<boolean> => {
    const query = db.selectFrom('workflow_bundles').select('build_id').where('build_id', '=', buildId);
    return (await query.where('code', 'is not', null).executeTakeFirst()) !== undefined;
  };
  return translating<WorkflowBundles>({
    keep: async ({ buildId, code }) => {
      // Asked often, and the bundle has megabytes.
      if (await isKept(buildId)) return;
      await db
        .insertInto('workflow_bundles')
        .values({ build_id: buildId, code: await pack(code) })
        .onConflict((conflict) =>
          conflict.column('build_id').doUpdateSet({
            code: sql<Uint8Array>`coalesce(workflow_bundles.code, excluded.code)`,
          }),
        )
        .execute();
    },
    list: async () => {
      const rows = await db
        .selectFrom('workflow_bundles')
        .select(['build_id', 'first_seen', 'promoted', sql<boolean>`code is not null`.as('kept')])
        .orderBy('first_seen')
        .orderBy('build_id')
        .execute();
      return rows.map(({ build_id: buildId, first_seen: firstSeen, promoted, kept }) => ({
        buildId,
        firstSeen: firstSeen.toISOString(),
        promoted,
        kept,
      }));
    },
    code: async (buildId) => {
      const query = db.selectFrom('workflow_bundles').select('code').where('build_id', '=', buildId);
      const code = (await query.executeTakeFirst())?.code;
      return code ? (await unpack(code)).toString('utf8') : null;
    },
    markPromoted: async (buildId) => {
      await db.updateTable('workflow_bundles').set({ promoted: true }).where('build_id', '=', buildId).execute();
    },
    forget: async (buildId) => {
      await db.updateTable('workflow_bundles').set({ code: null }).where('build_id', '=', buildId).execute();
    },
  });
}
