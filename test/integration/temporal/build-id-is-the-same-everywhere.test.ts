import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildIdOf } from '../../../src/adapters/temporal/build-id';
import { workflowBundle } from '../../helpers/workflow-bundle';

const ROOT = resolve(__dirname, '../../..');
const run = promisify(execFile);

test('the same sources in another folder, bundled from yet another, make the same build; other sources make another', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'everstorm-elsewhere-'));
  try {
    // Links where the file system allows it: it is half a gigabyte.
    const modules = [join(ROOT, 'node_modules'), elsewhere];
    await run('cp', ['-al', ...modules]).catch(() => run('cp', ['-R', ...modules]));
    for (const part of ['src', 'workflows', 'activities', 'scripts', 'packs', 'package.json']) {
      cpSync(join(ROOT, part), join(elsewhere, part), { recursive: true });
    }
    const out = join(elsewhere, 'bundle.js');
    await run(process.execPath, [join(elsewhere, 'scripts/lib/bundle-workflows.mjs'), out], { cwd: '/' });
    const here = readFileSync(await workflowBundle(), 'utf8');
    const there = readFileSync(out, 'utf8');
    expect(buildIdOf(here)).toMatch(/^[0-9a-f]{16}$/);
    expect(buildIdOf(there)).toBe(buildIdOf(here));
    const changed = await workflowBundle(resolve(__dirname, '../../replay/changed/harmless.ts'));
    expect(buildIdOf(readFileSync(changed, 'utf8'))).not.toBe(buildIdOf(here));
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}, 180_000);
