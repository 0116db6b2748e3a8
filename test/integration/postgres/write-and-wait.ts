import { createStore } from '../../../src/adapters/postgres/create-store';
import { LOCAL_ACTION } from '../../helpers/audit-records';

/** Child of embedded-database-crash.test.ts: opens the directory, writes, says `written`, and stays until it is killed. */
async function main(): Promise<void> {
  const store = await createStore({ directory: process.argv[1] ?? '' });
  await store.migrate();
  await store.definitions.put('action', LOCAL_ACTION, 'pack');
  console.log('written');
  setInterval(() => undefined, 60_000);
}

void main();
