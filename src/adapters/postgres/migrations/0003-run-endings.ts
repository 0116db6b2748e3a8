import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

const STATEMENTS = [
  `create table run_endings (
    execution_id text collate "C" not null,
    run_id text collate "C" not null,
    what text not null,
    claimed_until timestamptz not null,
    settled_at timestamptz,
    told json,
    primary key (execution_id, run_id, what)
  )`,
  `alter table executions
    add column changed_at timestamptz not null default now(),
    add column looked_at timestamptz,
    add column looks integer not null default 0`,
  `create index executions_unfinished on executions (changed_at) where end_timestamp is null`,
];

export const runEndings: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
