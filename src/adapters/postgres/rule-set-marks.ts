import { sql } from 'kysely';
import type { RuleSetMarks } from '../../ports/store';
import type { Database } from './schema';
import { translating } from './translate-errors';

export function ruleSetMarkStore(db: Database): RuleSetMarks {
  return translating<RuleSetMarks>({
    async get(name) {
      const row = await db.selectFrom('rule_set_marks').selectAll().where('name', '=', name).executeTakeFirst();
      return row ? { through: row.through, version: Number(row.version) } : null;
    },

    async raise(name, { through, version }) {
      await db
        .insertInto('rule_set_marks')
        .values({ name, through, version })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ through, version })
            .where(sql<boolean>`rule_set_marks.through < ${through}`),
        )
        .execute();
    },
  });
}
