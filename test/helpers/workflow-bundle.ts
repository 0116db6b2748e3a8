import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildWorkflowBundle } from '../../src/adapters/temporal/worker';

const ROOT = resolve(__dirname, '../..');
const INPUTS = [
  'workflows',
  'src/model',
  'src/expressions',
  'src/orquesta',
  'src/adapters/temporal',
  'activities/contract.ts',
];

/** Path of the bundle of the workflows as they are now; built once per content, however many test files ask. */
export async function workflowBundle(): Promise<string> {
  const path = join(tmpdir(), `everstorm-workflows-${await inputHash()}.js`);
  if (!existsSync(path)) {
    const fresh = `${path}.${process.pid}`;
    await buildWorkflowBundle(join(ROOT, 'workflows/index.ts'), fresh);
    await rename(fresh, path);
  }
  return path;
}

async function inputHash(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(ROOT, 'package-lock.json')));
  for (const input of INPUTS) {
    for (const file of await filesUnder(join(ROOT, input))) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 24);
}

async function filesUnder(path: string): Promise<string[]> {
  if (path.endsWith('.ts')) return [path];
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.ts'))
    .sort()
    .map((entry) => join(path, entry));
}
