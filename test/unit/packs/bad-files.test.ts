import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readPack } from '../../../src/packs/read-pack';
import { parseYaml } from '../../../src/packs/yaml';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pack-'));
});
afterEach(() => rm(root, { recursive: true }));

async function put(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}
const PACK = 'name: p\ndescription: d\nversion: 1.0\nauthor: a\n';

test('every bad file is named with field and expectation, and stops no other', async () => {
  await put({
    'pack.yaml': PACK,
    'actions/a-broken.yaml': 'name: x\n  runner: [\n',
    'actions/b-unknown.yaml': 'name: b\nrunner_type: noop\nrunner: x\n',
    'actions/c-foreign.yaml': 'name: c\nrunner_type: noop\npack: other\n',
    'actions/d-runner.yaml': 'name: d\nrunner_type: none-such\n',
    'actions/e-gap.yaml': 'name: e\nrunner_type: noop\nparameters: {x: {position: 1}}\n',
    'actions/f-good.yaml': 'name: good\nrunner_type: noop\nenabled: no\n',
    'actions/g-again.yaml': 'name: good\nrunner_type: noop\n',
    'actions/sub/ignored.yaml': '][',
  });
  const pack = await readPack(root, { runnerTypes: new Set(['noop']) });
  expect(pack.pack?.version).toBe('1.0');
  expect(pack.actions.map(({ name, enabled }) => [name, enabled])).toEqual([['good', false]]);
  const fields = new Map(pack.problems.map(({ file, field }) => [file, field]));
  expect(fields.get('actions/a-broken.yaml')).toMatch(/^line \d+, column \d+$/);
  expect(fields.get('actions/b-unknown.yaml')).toBe('runner');
  expect(fields.get('actions/c-foreign.yaml')).toBe('pack');
  expect(fields.get('actions/d-runner.yaml')).toBe('runner_type');
  expect(fields.get('actions/e-gap.yaml')).toBe('parameters');
  expect(fields.get('actions/g-again.yaml')).toBe('name');
  expect(fields.size).toBe(6);
});

test('a pack without pack.yaml is a problem, not an error', async () => {
  const pack = await readPack(root);
  expect(pack.pack).toBeNull();
  expect(pack.problems.map(({ file }) => file)).toEqual(['pack.yaml']);
});

test('scalars are read as PyYAML reads them; a key given twice is an error', () => {
  expect(parseYaml('f', 'a: yes\nb: off\nc: y\nd: 2020-01-02\n')).toEqual({
    ok: true,
    value: { a: true, b: false, c: 'y', d: '2020-01-02' },
  });
  expect(parseYaml('f', 'a: 1\na: 2\n').ok).toBe(false);
});
