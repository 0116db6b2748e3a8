import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore } from '../../../src/adapters/postgres/create-store';
import type { Store } from '../../../src/ports/store';
import { bundleContract } from './bundle-contract';
import { definitionContract } from './definition-contract';
import { letterContract } from './letter-contract';
import { storeContract } from './store-contract';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

describe('store on embedded PGlite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'everstorm-pglite-'));
  let store: Store;
  beforeAll(async () => {
    store = await createStore({ directory });
    await store.migrate();
  });
  afterAll(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });
  definitionContract(() => store);
  storeContract(() => store);
  bundleContract(() => store);
  letterContract(() => store);
});
