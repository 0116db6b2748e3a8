import type { ColumnType, Kysely, RawBuilder } from 'kysely';

/** JSON columns are `json`, not `jsonb`: it keeps the order of keys as written, and takes `\u0000` in an action's output. Written as text. */
type Json<T> = ColumnType<T, string, string>;
/** Written as ISO 8601 text. */
type Timestamp = ColumnType<Date, string, string>;
/** `pg` reads int8 as text, PGlite as a number. */
type BigInteger = ColumnType<string | number, number, number>;

export interface Tables {
  definitions: {
    kind: string;
    ref: string;
    id: string;
    uid: string;
    pack: string;
    origin: string;
    document: Json<unknown>;
    content_hash: string;
    updated_at: ColumnType<Date, never, never>;
    version: BigInteger;
  };
  /** What was removed, for those who read an earlier version; a ref that came back stays here. */
  removed_definitions: { kind: string; ref: string; version: BigInteger };
  /** One row. */
  definition_version: { one: boolean; version: BigInteger };
  enforcements: {
    id: string;
    trigger_instance_id: string;
    execution_id: string | null;
    failure_reason: string | null;
    rule_ref: string;
    rule_id: string;
    rule_uid: string;
    enforced_at: Timestamp;
    status: string;
    rule_set_version: BigInteger | null;
  };
  trigger_instances: {
    id: string;
    trigger: string;
    occurred_at: Timestamp;
    source: string;
    event_id: string;
    trace_tag: string | null;
    status: string;
  };
  /** How far the rule service is in each partition of the log. */
  rule_set_marks: { name: string; through: string; version: number | string };
  processed_marks: { log: string; through: string };
  executions: {
    id: string;
    action: string;
    runner: string;
    status: string;
    username: string;
    rule_ref: string | null;
    trigger_ref: string | null;
    trigger_instance_id: string | null;
    parent: string | null;
    start_timestamp: Timestamp;
    end_timestamp: Timestamp | null;
    document: Json<unknown>;
    /** ExecutionProjection: what the next records are applied to. */
    projection: Json<unknown>;
    run_id: string;
    sequence: number;
    /** Raised by every write; a writer that read an older one reads again. */
    revision: number;
    changed_at: ColumnType<Date, never, RawBuilder<Date>>;
    /** When Temporal was last asked about an unfinished row, and how often since it changed. */
    looked_at: ColumnType<Date | null, never, RawBuilder<Date> | null>;
    looks: ColumnType<number, never, RawBuilder<number> | number>;
  };
  /** What the reconciler has in hand or done, one row per run and thing to tell. */
  run_endings: {
    execution_id: string;
    run_id: string;
    what: string;
    claimed_until: ColumnType<Date, RawBuilder<Date>, RawBuilder<Date>>;
    settled_at: ColumnType<Date | null, RawBuilder<Date> | undefined, RawBuilder<Date>>;
    /** ToldEnd. */
    told: ColumnType<unknown, string | null | undefined, string | null>;
  };
  /** What the dead-letter topic tells, and what became of each letter since. */
  dead_letters: {
    id: string;
    code: string;
    reason: string;
    is_event: boolean;
    trigger: string | null;
    source: string | null;
    event_id: string | null;
    trace_tag: string | null;
    occurred_at: Timestamp | null;
    rule_ref: string | null;
    set_aside_at: Timestamp;
    dlq_partition: number;
    dlq_offset: BigInteger;
    state: ColumnType<string, string | undefined, string>;
    settled_at: ColumnType<Date | null, string | undefined, string>;
    settled_by: ColumnType<string | null, string | undefined, string>;
    /** Ids of what it led to. */
    settled_with: ColumnType<unknown, string | undefined, string>;
  };
  platform_state: { key: string; value: Json<unknown> };
  workflow_bundles: {
    build_id: string;
    first_seen: ColumnType<Date, never, never>;
    promoted: ColumnType<boolean, never, boolean>;
    /** Gzip; null once it is forgotten. */
    code: ColumnType<Uint8Array | null, Uint8Array, Uint8Array | null>;
  };
}

export type Database = Kysely<Tables>;

/** Postgres' text can't hold NUL, and a foreign producer's ids can: it becomes U+FFFD, so that one record can't stop the projection. */
export const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');

const LAST_STORABLE = Date.parse('9999-12-31T23:59:59.999Z');

/** ISO 8601 in UTC within the years Postgres reads; a time that can't be read becomes the epoch. */
export function storableTime(iso: string): string {
  const ms = Date.parse(iso);
  return new Date(Number.isNaN(ms) ? 0 : Math.max(0, Math.min(ms, LAST_STORABLE))).toISOString();
}

/** Rows per statement: Postgres takes 65,535 parameters. */
export const ROWS_PER_STATEMENT = 500;

export function chunks<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / ROWS_PER_STATEMENT);
  return Array.from({ length: count }, (_, n) => rows.slice(n * ROWS_PER_STATEMENT, (n + 1) * ROWS_PER_STATEMENT));
}
