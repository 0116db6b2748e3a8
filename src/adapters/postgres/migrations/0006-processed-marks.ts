import { sql } from 'kysely';
import type { Kysely, Migration } from 'kysely';

/** How far the rule service is, by topic epoch and partition (the first 12 digits of an instance's id): `through` is the last instance it is past. */
export const processedMarks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql
      .raw(
        `create table processed_marks (
          log text collate "C" primary key,
          through text collate "C" not null
        )`,
      )
      .execute(db);
  },
};
