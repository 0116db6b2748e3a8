import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { temporal } from '@temporalio/proto';

/** A folder for each release, with histories that its workflows made. */
export const HISTORIES = join(__dirname, 'histories');

/**
 * Keeps a history under this name among those of the present release unless one is there: a recorded history is a promise to running
 * executions, so it is replaced by deleting the file on purpose, never by a test run.
 */
export async function saveHistory(name: string, history: temporal.api.history.v1.IHistory): Promise<void> {
  const folder = join(HISTORIES, await release());
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  if (!existsSync(path)) await writeFile(path, `${JSON.stringify(history, null, 1)}\n`);
}

/** A saved history, by release and name: `0.1.0/succeeded`. */
export async function loadHistory(name: string): Promise<temporal.api.history.v1.History> {
  const json = JSON.parse(await readFile(join(HISTORIES, `${name}.json`), 'utf8')) as Record<string, unknown>;
  return temporal.api.history.v1.History.fromObject(json);
}

async function release(): Promise<string> {
  const text = await readFile(resolve(__dirname, '../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
