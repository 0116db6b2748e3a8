import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createStore } from '../../../src/adapters/postgres/create-store';
import { systemPrincipal } from '../../../src/model/principal';
import { RUNNER_TYPES } from '../../../src/model/runner-types';
import type { DefinitionKind, Store } from '../../../src/ports/store';
import { createPackRegistration } from '../../../src/services/pack-registration';
import type { RegistrationResult } from '../../../src/services/pack-registration';
import { until } from '../temporal/support';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

const FILES: Record<string, string> = {
  'pack.yaml':
    'ref: sample\nname: sample\ndescription: a sample\nversion: 1.0.0\nauthor: Sam\nemail: sam@example.org\n',
  'actions/one.yaml': 'name: one\nrunner_type: noop\nentry_point: ""\ndescription: first\n',
  'actions/two.yaml': 'name: two\nrunner_type: noop\nentry_point: ""\n',
  'triggers/happened.yaml': 'name: happened\npack: sample\n',
  'rules/react.yaml':
    'name: react\npack: sample\nenabled: true\ntrigger:\n  type: sample.happened\naction:\n  ref: sample.one\n',
};
const KINDS: DefinitionKind[] = ['pack', 'action', 'rule', 'trigger_type', 'trigger', 'sensor_type'];

let base: string;
let packs: string;
let store: Store;

const put = (file: string, text: string): void => writeFileSync(join(packs, 'sample', file), text);

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'registration-'));
  packs = join(base, 'packs');
  store = await createStore({ directory: join(base, 'database') });
  await store.migrate();
});
afterAll(async () => {
  await store.close();
  rmSync(base, { recursive: true, force: true });
});
beforeEach(async () => {
  rmSync(packs, { recursive: true, force: true });
  for (const folder of ['actions', 'triggers', 'rules']) mkdirSync(join(packs, 'sample', folder), { recursive: true });
  for (const [file, text] of Object.entries(FILES)) put(file, text);
  expect((await register()).problems).toEqual([]);
});

function register(): Promise<RegistrationResult> {
  const runnerTypes = new Set(RUNNER_TYPES.keys());
  const registration = createPackRegistration({
    store,
    packPaths: [packs],
    runnerTypes,
    log: pino({ level: 'silent' }),
  });
  return registration.register(systemPrincipal('system'));
}

const refs = async (kind: DefinitionKind): Promise<string[]> =>
  (await store.definitions.list(kind, { pack: 'sample', limit: -1, offset: 0 })).rows.map(({ ref }) => ref);

const everything = (): Promise<unknown[]> =>
  Promise.all(KINDS.map(async (kind) => (await store.definitions.list(kind, { limit: -1, offset: 0 })).rows));

test('an unchanged pack changes nothing: no definition, no version, no notification', async () => {
  const before = await everything();
  const { version } = await store.definitions.snapshot();
  let told = 0;
  const unsubscribe = await store.definitions.subscribe(() => (told += 1));
  const { counts } = await register();
  expect(counts).toMatchObject({ actions: 2, rules: 1 });
  expect(await everything()).toEqual(before);
  expect((await store.definitions.snapshot()).version).toBe(version);
  // The first notification is that of a real change: the unchanged pass had sent none before it.
  put('actions/one.yaml', `${FILES['actions/one.yaml'] ?? ''}enabled: false\n`);
  await register();
  expect((await store.definitions.snapshot()).version).toBeGreaterThan(version);
  await until('a notification', () => told > 0);
  expect(told).toBe(1);
  await unsubscribe();
});

test('what vanished from disk is deregistered, with what only it used; the rest stays', async () => {
  rmSync(join(packs, 'sample/actions/two.yaml'));
  rmSync(join(packs, 'sample/rules/react.yaml'));
  rmSync(join(packs, 'sample/triggers/happened.yaml'));
  expect((await register()).problems).toEqual([]);
  expect(await refs('action')).toEqual(['sample.one']);
  expect([await refs('rule'), await refs('trigger_type'), await refs('trigger')]).toEqual([[], [], []]);
});

test('a pack whose directory vanished is forgotten with all it held; other packs stay', async () => {
  cpSync(join(packs, 'sample/pack.yaml'), join(packs, 'other/pack.yaml'), { recursive: true });
  writeFileSync(join(packs, 'other/pack.yaml'), (FILES['pack.yaml'] ?? '').replaceAll('sample', 'other'));
  await register();
  rmSync(join(packs, 'sample'), { recursive: true });
  await register();
  for (const kind of ['action', 'rule', 'trigger_type', 'trigger'] as const) expect(await refs(kind)).toEqual([]);
  expect(await store.definitions.get('pack', 'sample')).toBeNull();
  expect(await store.definitions.get('pack', 'other')).toMatchObject({ ref: 'other' });
});

test('a definition made through the API outlives registration', async () => {
  const one = await store.definitions.get('action', 'sample.one');
  if (one === null) throw new Error('sample.one is not registered');
  const { metadata_file: file, ...made } = one;
  expect(file).toBe('actions/one.yaml');
  const document = {
    ...made,
    metadata_file: '',
    id: 'f'.repeat(24),
    name: 'made',
    ref: 'sample.made',
    uid: 'action:sample:made',
  };
  await store.definitions.create('action', document, 'api');
  await register();
  expect(await refs('action')).toEqual(['sample.made', 'sample.one', 'sample.two']);
  await store.definitions.remove('action', 'sample.made');
});

test.each([
  ['YAML that does not parse', 'name: [one\n'],
  ['a missing field', 'name: one\n'],
  ['an unknown runner', 'name: one\nrunner_type: nosuch\n'],
])('a broken file (%s) is reported, keeps its old definition, and stops no other', async (_what, text) => {
  const before = await store.definitions.get('action', 'sample.one');
  put('actions/one.yaml', text);
  put('actions/two.yaml', 'name: two\nrunner_type: noop\nentry_point: ""\ndescription: changed\n');
  put('actions/three.yaml', 'name: three\nrunner_type: noop\nentry_point: ""\n');
  const { problems } = await register();
  expect(new Set(problems.map(({ pack, file }) => `${pack}/${file}`))).toEqual(new Set(['sample/actions/one.yaml']));
  expect(before).toMatchObject({ description: 'first' });
  expect(await store.definitions.get('action', 'sample.one')).toEqual(before);
  expect(await store.definitions.get('action', 'sample.two')).toMatchObject({ description: 'changed' });
  expect(await refs('action')).toEqual(['sample.one', 'sample.three', 'sample.two']);
  expect(await refs('rule')).toEqual(['sample.react']);
});

test('a broken pack.yaml is reported and forgets nothing', async () => {
  const before = await everything();
  put('pack.yaml', 'name: [');
  expect((await register()).problems).toMatchObject([{ pack: 'sample', file: 'pack.yaml' }]);
  expect(await everything()).toEqual(before);
});
