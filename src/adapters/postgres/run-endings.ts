import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { RunEndings, RunFact, ToldEnd } from '../../ports/run-endings';
import { chunks } from './schema';
import type { Database } from './schema';
import { translating } from './translate-errors';

const KEY = ['execution_id', 'run_id', 'what'] as const;

export function runEndingStore(db: Database): RunEndings {
  return translating<RunEndings>({
    async claim(facts, { leaseMs, evenSettled = false }) {
      const claimed: RunFact[] = [];
      for (const part of chunks(facts)) {
        const rows = await db
          .insertInto('run_endings')
          .values(part.map((fact) => ({ ...keyOf(fact), claimed_until: inMs(leaseMs) })))
          .onConflict((conflict) => {
            const taken = conflict.columns([...KEY]).doUpdateSet({ claimed_until: inMs(leaseMs) });
            const lapsed = taken.where(sql<boolean>`run_endings.claimed_until <= now()`);
            return evenSettled ? lapsed : lapsed.where('run_endings.settled_at', 'is', null);
          })
          .returning([...KEY])
          .execute();
        claimed.push(...rows.map(factOf));
      }
      return claimed;
    },

    async postpone(facts, forMs) {
      for (const part of chunks(facts)) {
        await db
          .updateTable('run_endings')
          .set({ claimed_until: inMs(forMs) })
          .where(among(part))
          .where('settled_at', 'is', null)
          .execute();
      }
    },

    async settle(facts) {
      for (const part of chunks(facts)) {
        await db
          .insertInto('run_endings')
          .values(
            part.map(({ fact, told }) => ({
              ...keyOf(fact),
              claimed_until: inMs(0),
              settled_at: inMs(0),
              told: told ? JSON.stringify(told) : null,
            })),
          )
          .onConflict((conflict) =>
            conflict.columns([...KEY]).doUpdateSet({
              settled_at: inMs(0),
              claimed_until: inMs(0),
              told: sql<string>`coalesce(excluded.told, run_endings.told)`,
            }),
          )
          .execute();
      }
    },

    async unsettled(facts) {
      const rows = [];
      for (const part of chunks(facts)) {
        const open = db
          .selectFrom('run_endings')
          .select([...KEY])
          .where(among(part))
          .where('settled_at', 'is', null);
        rows.push(...(await open.execute()));
      }
      return rows.map(factOf);
    },

    async told(executionIds) {
      const ends = new Map<string, ToldEnd>();
      for (const part of chunks(executionIds)) {
        const rows = await db
          .selectFrom('run_endings')
          .select(['run_id', 'told'])
          .where('execution_id', 'in', part)
          .where('told', 'is not', null)
          .execute();
        for (const { run_id: run, told } of rows) ends.set(run, told as ToldEnd);
      }
      return ends;
    },
  });
}

const inMs = (ms: number): RawBuilder<Date> => sql<Date>`now() + ${ms} * interval '1 millisecond'`;

const keyOf = ({ executionId, runId, what }: RunFact) => ({ execution_id: executionId, run_id: runId, what });

const factOf = (row: { execution_id: string; run_id: string; what: string }): RunFact => ({
  executionId: row.execution_id,
  runId: row.run_id,
  what: row.what as RunFact['what'],
});

const among = (facts: readonly RunFact[]): RawBuilder<boolean> => {
  const keys = facts.map(({ executionId, runId, what }) => sql`(${executionId}, ${runId}, ${what})`);
  return sql<boolean>`(execution_id, run_id, what) in (${sql.join(keys)})`;
};
