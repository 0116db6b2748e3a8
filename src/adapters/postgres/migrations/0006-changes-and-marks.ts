import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

const STATEMENTS = [
  // How far the rule service is, by topic epoch and partition (the first 12 digits of an instance's id): `through` is the last one it is past.
  `create table processed_marks (
    log text collate "C" primary key,
    through text collate "C" not null
  )`,
  // Version of the whole set with which a definition came to be as it is, and with which one went: who read an earlier version reads what changed.
  `alter table definitions add column version bigint not null default 0`,
  `create index definitions_changed on definitions (version)`,
  `create table removed_definitions (
    kind text collate "C" not null,
    ref text collate "C" not null,
    version bigint not null,
    primary key (kind, ref)
  )`,
  `create index removed_definitions_changed on removed_definitions (version)`,
];

export const changesAndMarks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
