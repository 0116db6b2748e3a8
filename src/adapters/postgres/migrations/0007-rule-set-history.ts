import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

const STATEMENTS = [
  // Up to which trigger instance a consumer group has judged a partition, and by which version of the definitions.
  `create table rule_set_marks (
    name text collate "C" primary key,
    through text collate "C" not null,
    version bigint not null
  )`,
  // What stood at (kind, ref) until the change that made \`version\`; null where nothing did. Undoing these from now on back gives an earlier set.
  `create table definition_history (
    version bigint not null,
    kind text collate "C" not null,
    ref text collate "C" not null,
    document json,
    made_at timestamptz not null default now(),
    primary key (version, kind, ref)
  )`,
  `create index definition_history_age on definition_history (made_at)`,
  // The earliest version that can be put together from it.
  `alter table definition_version add column kept_from bigint not null default 0`,
  `update definition_version set kept_from = version`,
];

export const ruleSetHistory: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
