import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';

export const HISTORIES = join(__dirname, 'histories');

/**
 * Keeps a history under this name unless one is there: a recorded history is a promise to running executions, so it is
 * replaced by deleting the file on purpose, never by a test run.
 */
export async function saveHistory(name: string, history: temporal.api.history.v1.IHistory): Promise<void> {
  const path = join(HISTORIES, `${name}.json`);
  if (!existsSync(path)) await writeFile(path, `${JSON.stringify(history, null, 1)}\n`);
}

/** A saved history, by its name without extension. */
export async function loadHistory(name: string): Promise<temporal.api.history.v1.History> {
  const json = JSON.parse(await readFile(join(HISTORIES, `${name}.json`), 'utf8')) as Record<string, unknown>;
  return temporal.api.history.v1.History.fromObject(json);
}
