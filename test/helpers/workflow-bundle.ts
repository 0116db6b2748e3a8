import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../..');
const BUNDLER = join(ROOT, 'scripts/lib/bundle-workflows.mjs');
const BUNDLED_WITHIN_MS = 120_000;
const INPUTS = [
  'package-lock.json',
  'scripts/lib/bundle-workflows.mjs',
  'workflows',
  'src/model',
  'src/expressions',
  'src/orquesta',
  'src/adapters/temporal/failure-converter.ts',
  'activities/contract.ts',
  'test/conformance/adapters',
];

/**
 * Path of the bundle of the workflows as they are now, or of an entry that wraps them; built once per content, however many test files ask.
 */
export async function workflowBundle(entry = join(ROOT, 'workflows/index.ts')): Promise<string> {
  const path = join(tmpdir(), `everstorm-workflows-${await inputHash(entry)}.js`);
  if (!existsSync(path)) {
    const fresh = `${path}.${process.pid}`;
    await promisify(execFile)(process.execPath, [BUNDLER, fresh, entry], { timeout: BUNDLED_WITHIN_MS });
    await rename(fresh, path);
  }
  return path;
}

async function inputHash(entry: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(entry));
  for (const input of INPUTS) {
    for (const file of await filesUnder(join(ROOT, input))) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 24);
}

async function filesUnder(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.ts'))
    .sort()
    .map((entry) => join(path, entry));
}
