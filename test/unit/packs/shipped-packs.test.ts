import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { RUNNER_TYPES } from '../../../src/model/runner-types';
import { CORE_TRIGGER_TYPES } from '../../../src/packs/core-triggers';
import { readPack } from '../../../src/packs/read-pack';
import { triggerDocument } from '../../../src/packs/trigger-documents';
import { itWithShared, sharedPath } from '../../helpers/shared';

const root = join(__dirname, '../../..');
const runnerTypes = new Set(RUNNER_TYPES.keys());
const EXAMPLES = 'fixtures/packs/examples';

test('core has StackStorm’s sixteen actions and its fourteen trigger types', async () => {
  const core = await readPack(join(root, 'packs/core'), { runnerTypes });
  expect(core.problems).toEqual([]);
  expect(core.actions.map(({ name }) => name).join(' ')).toBe(
    'announcement ask echo error http inject_trigger local local_sudo noop pause remote remote_sudo sendmail uuid winrm_cmd winrm_ps_cmd',
  );
  expect(CORE_TRIGGER_TYPES).toHaveLength(14);
});

test('demo loads without problems', async () => {
  const demo = await readPack(join(root, 'packs/demo'), { runnerTypes });
  expect(demo.problems).toEqual([]);
  expect(demo.sensors.map(({ ref }) => ref)).toEqual(['demo.CheckResultSensor', 'demo.HttpStatusSensor']);
  expect(demo.rules).toHaveLength(3);
});

itWithShared(EXAMPLES)('StackStorm’s examples load without problems', async () => {
  const examples = sharedPath(EXAMPLES);
  const pack = await readPack(examples, { runnerTypes });
  expect(pack.problems).toEqual([]);
  expect(pack.pack?.version).toBe('3.9.0');
  const files = readdirSync(join(examples, 'actions')).filter((name) => name.endsWith('.yaml'));
  expect(pack.actions).toHaveLength(files.length);
});

test('a trigger’s uid ends as StackStorm’s recorded one does', () => {
  const digest = triggerDocument('core.st2.webhook', { url: 'golden' })?.uid.split(':').at(-1);
  expect(digest).toBe('6d69d2bfb0f1be74e55db1168c82dc38');
});
