import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { EverstormError } from '../../model/errors';
import type { Store } from '../../ports/store';
import { deadLetterStore } from './dead-letters';
import { definitionStore } from './definitions';
import { openEmbeddedDatabase } from './embedded-database';
import { enforcementStore } from './enforcements';
import { executionStore } from './executions';
import { migrateToLatest } from './migrations/migrate';
import { PostgresNotifications, pgliteNotifications } from './notifications';
import type { Notifications } from './notifications';
import { Turns, pgliteDialect } from './pglite-dialect';
import { platformState } from './platform-state';
import { postgresPool } from './postgres-pool';
import { runEndingStore } from './run-endings';
import { ruleSetMarkStore } from './rule-set-marks';
import type { Database, Tables } from './schema';
import { translated, translating } from './translate-errors';
import { triggerInstanceStore } from './trigger-instances';
import { workflowBundleStore } from './workflow-bundles';

/** A Postgres server, or the directory of an embedded database for one process (made when missing). */
export type StoreLocation = { databaseUrl: string } | { directory: string };

export interface StoreOptions {
  /** What `web_url` of executions begins with; no slash at its end. Default https://localhost. */
  webUiBase?: string;
}

const PING_TIMEOUT_MS = 1_500;

/**
 * The store on Postgres or embedded PGlite; the same SQL on both. Call `migrate()` before use. Queries end within 10 s on Postgres;
 * PGlite runs a query to its end within the process, so none can hang on a network. Throws CONFIGURATION when the directory is in use
 * by another process; methods throw UNAVAILABLE or TIMED_OUT when Postgres does not answer (with Postgres, not even a server need be there yet).
 */
export async function createStore(location: StoreLocation, options: StoreOptions = {}): Promise<Store> {
  const { db, notifications, end } =
    'databaseUrl' in location ? connectPostgres(location.databaseUrl) : await openPglite(location.directory);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await notifications.close();
    await db.destroy();
    await end();
  };
  return {
    definitions: definitionStore(db, notifications),
    ruleSets: ruleSetMarkStore(db),
    enforcements: enforcementStore(db),
    triggerInstances: triggerInstanceStore(db),
    executions: executionStore(db, options.webUiBase ?? 'https://localhost'),
    runEndings: runEndingStore(db),
    deadLetters: deadLetterStore(db),
    platform: platformState(db),
    workflowBundles: workflowBundleStore(db),
    ...translating({ migrate: () => migrateToLatest(db), ping: () => ping(db) }),
    close: () => (closed ??= close()),
  };
}

interface Opened {
  db: Database;
  notifications: Notifications;
  end: () => Promise<void>;
}

function connectPostgres(databaseUrl: string): Opened {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: postgresPool(databaseUrl) }) });
  return { db, notifications: new PostgresNotifications(databaseUrl), end: () => Promise.resolve() };
}

async function openPglite(directory: string): Promise<Opened> {
  const { pglite, close } = await openEmbeddedDatabase(directory).catch((error: unknown) => {
    throw translated(error);
  });
  const turns = new Turns();
  const db = new Kysely<Tables>({ dialect: pgliteDialect(pglite, turns) });
  return { db, notifications: pgliteNotifications(pglite, turns), end: close };
}

async function ping(db: Database): Promise<void> {
  const timeOut = new AbortController();
  const late = sleep(PING_TIMEOUT_MS, undefined, { signal: timeOut.signal }).then(() => {
    throw new EverstormError('UNAVAILABLE', 'the database does not answer');
  });
  late.catch(() => undefined);
  try {
    await Promise.race([sql`select 1`.execute(db), late]);
  } finally {
    timeOut.abort();
  }
}
