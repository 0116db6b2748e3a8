import { Migrator } from 'kysely';
import type { Migration } from 'kysely';
import type { Database } from '../schema';
import { initial } from './0001-initial';
import { workflowBundles } from './0002-workflow-bundles';
import { runEndings } from './0003-run-endings';
import { deadLetters } from './0004-dead-letters';
import { changesAndMarks } from './0006-changes-and-marks';
import { ruleSetHistory } from './0007-rule-set-history';

/** In order of their names. One that was released is never changed; the next one is added. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-workflow-bundles': workflowBundles,
  '0003-run-endings': runEndings,
  '0004-dead-letters': deadLetters,
  '0006-changes-and-marks': changesAndMarks,
  '0007-rule-set-history': ruleSetHistory,
};

/** Brings the tables up to date, in one transaction under Postgres' advisory lock: several processes may call it at once. */
export async function migrateToLatest(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
