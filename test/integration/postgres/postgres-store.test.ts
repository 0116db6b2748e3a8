import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { createStore } from '../../../src/adapters/postgres/create-store';
import type { Store } from '../../../src/ports/store';
import { bundleContract } from './bundle-contract';
import { definitionContract } from './definition-contract';
import { letterContract } from './letter-contract';
import { storeContract, until } from './store-contract';
import { LOCAL_ACTION } from '../../helpers/audit-records';

/** URL of a Postgres server on which databases may be made; each run makes one of its own. */
const server = process.env['EVERSTORM_TEST_POSTGRES'];
const onServer = server ? describe : describe.skip;

onServer('store on a Postgres server (skipped unless EVERSTORM_TEST_POSTGRES is set)', () => {
  const name = `everstorm_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(server ?? 'postgres://localhost/x');
  url.pathname = `/${name}`;
  let store: Store;

  async function asAdmin(text: string): Promise<void> {
    const admin = new Client({ connectionString: server });
    await admin.connect();
    await admin.query(text).finally(() => admin.end());
  }

  beforeAll(async () => {
    await asAdmin(`create database ${name}`);
    store = await createStore({ databaseUrl: url.href });
    const second = await createStore({ databaseUrl: url.href });
    await Promise.all([store.migrate(), second.migrate()]);
    await second.close();
  });
  afterAll(async () => {
    await store.close();
    await asAdmin(`drop database ${name} with (force)`);
  });

  definitionContract(() => store);
  storeContract(() => store);
  bundleContract(() => store);
  letterContract(() => store);

  it('tells a subscriber of a change made through another store, and again after its connection was cut', async () => {
    const other = await createStore({ databaseUrl: url.href });
    let calls = 0;
    await store.definitions.subscribe(() => calls++);
    await other.definitions.put('action', { ...LOCAL_ACTION, description: 'one' }, 'pack');
    await until(() => calls > 0, 1_000);
    const before = calls;
    await asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    await until(() => calls > before, 3_000);
    const reconnected = calls;
    await other.ping().catch(() => undefined);
    await other.definitions.put('action', { ...LOCAL_ACTION, description: 'two' }, 'pack');
    await until(() => calls > reconnected, 1_000);
    await other.close();
  });
});

it('throws UNAVAILABLE when no server is there', async () => {
  const store = await createStore({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' });
  await expect(store.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(store.definitions.snapshot()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(store.definitions.subscribe(() => undefined)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await store.close();
});
