import { sql } from 'kysely';
import type { PlatformState } from '../../ports/store';
import type { Database } from './schema';
import { translating } from './translate-errors';

const topicKey = (topic: string): string => `topic-epoch/${topic}`;

export function platformState(db: Database): PlatformState {
  return translating<PlatformState>({
    topicEpoch: (topic, draw) => keep(db, topicKey(topic), { drawn: draw(), replace: false }),
    renewTopicEpoch: (topic, draw) => keep(db, topicKey(topic), { drawn: draw(), replace: true }),
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
