import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

const STATEMENTS = [
  `create table dead_letters (
    id text collate "C" primary key,
    code text not null,
    reason text not null,
    is_event boolean not null,
    trigger text collate "C",
    source text,
    event_id text,
    trace_tag text,
    occurred_at timestamptz,
    rule_ref text collate "C",
    set_aside_at timestamptz not null,
    dlq_partition integer not null,
    dlq_offset bigint not null,
    state text not null default 'open',
    settled_at timestamptz,
    settled_by text,
    settled_with json
  )`,
  `create index dead_letters_time on dead_letters (set_aside_at desc, id desc)`,
  `create index dead_letters_open on dead_letters (id) where state = 'open'`,
];

export const deadLetters: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
