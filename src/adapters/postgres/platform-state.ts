import { sql } from 'kysely';
import type { PlatformState } from '../../ports/store';
import type { Database } from './schema';
import { translating } from './translate-errors';

const topicKey = (topic: string): string => `topic-epoch/${topic}`;
const markKey = (name: string): string => `mark/${name}`;

export function platformState(db: Database): PlatformState {
  return translating<PlatformState>({
    topicEpoch: (topic, draw) => keep(db, topicKey(topic), { drawn: draw(), replace: false }),
    renewTopicEpoch: (topic, draw) => keep(db, topicKey(topic), { drawn: draw(), replace: true }),

    async mark(name) {
      const row = await db
        .selectFrom('platform_state')
        .select('value')
        .where('key', '=', markKey(name))
        .executeTakeFirst();
      return row ? Number(row.value) : null;
    },

    async raiseMark(name, to) {
      await db
        .insertInto('platform_state')
        .values({ key: markKey(name), value: JSON.stringify(to) })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({ value: sql<string>`excluded.value` })
            .where(sql<boolean>`(platform_state.value #>> '{}')::numeric < ${to}::numeric`),
        )
        .execute();
    },
  });
}

/** The update that changes nothing makes the statement return the row that was first, also when it came from another process just now. */
async function keep(
  db: Database,
  key: string,
  { drawn, replace }: { drawn: number; replace: boolean },
): Promise<number> {
  const row = await db
    .insertInto('platform_state')
    .values({ key, value: JSON.stringify(drawn) })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        value: replace ? sql<string>`excluded.value` : sql<string>`platform_state.value`,
      }),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(row.value);
}
