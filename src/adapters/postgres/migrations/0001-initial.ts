import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

/** `collate "C"`: ids and refs sort by bytes on every host, so lists and pages are the same everywhere. */
const STATEMENTS = [
  `create table definitions (
    kind text collate "C" not null,
    ref text collate "C" not null,
    id text collate "C" not null,
    uid text collate "C" not null,
    pack text collate "C" not null,
    origin text not null,
    document json not null,
    content_hash text not null,
    updated_at timestamptz not null default now(),
    primary key (kind, ref),
    unique (kind, id)
  )`,
  `create index definitions_pack on definitions (kind, pack)`,
  `create table definition_version (one boolean primary key default true check (one), version bigint not null)`,
  `insert into definition_version (version) values (0)`,
  `create table enforcements (
    id text collate "C" primary key,
    trigger_instance_id text collate "C" not null,
    execution_id text collate "C",
    failure_reason text,
    rule_ref text collate "C" not null,
    rule_id text collate "C" not null,
    rule_uid text not null,
    enforced_at timestamptz not null,
    status text not null,
    rule_set_version bigint
  )`,
  `create index enforcements_time on enforcements (enforced_at desc, id)`,
  `create index enforcements_rule on enforcements (rule_ref, enforced_at desc)`,
  `create index enforcements_instance on enforcements (trigger_instance_id)`,
  `create index enforcements_execution on enforcements (execution_id)`,
  `create table trigger_instances (
    id text collate "C" primary key,
    trigger text collate "C" not null,
    occurred_at timestamptz not null,
    source text not null,
    event_id text not null,
    trace_tag text,
    status text not null
  )`,
  `create index trigger_instances_time on trigger_instances (occurred_at desc, id desc)`,
  `create index trigger_instances_trigger on trigger_instances (trigger, occurred_at desc)`,
  `create table executions (
    id text collate "C" primary key,
    action text collate "C" not null,
    runner text not null,
    status text not null,
    username text not null,
    rule_ref text,
    trigger_ref text,
    trigger_instance_id text,
    parent text,
    start_timestamp timestamptz not null,
    end_timestamp timestamptz,
    document json not null,
    projection json not null,
    run_id text not null,
    sequence integer not null,
    revision integer not null
  )`,
  `create index executions_start on executions (start_timestamp desc, id desc)`,
  `create index executions_action on executions (action, start_timestamp desc)`,
  `create index executions_status on executions (status, start_timestamp desc)`,
  `create index executions_rule on executions (rule_ref) where rule_ref is not null`,
  `create index executions_instance on executions (trigger_instance_id) where trigger_instance_id is not null`,
  `create index executions_parent on executions (parent) where parent is not null`,
  `create table platform_state (key text primary key, value json not null)`,
];

export const initial: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
