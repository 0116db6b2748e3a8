import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

export const workflowBundles: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql
      .raw(
        `create table workflow_bundles (
          build_id text collate "C" primary key,
          first_seen timestamptz not null default now(),
          promoted boolean not null default false,
          code bytea
        )`,
      )
      .execute(db);
  },
};
