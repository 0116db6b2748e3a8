import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The project's shared folder beside the repository: recordings of StackStorm. A checkout alone does not have it. */
export const SHARED = resolve(__dirname, '../../../shared');

/** Absolute path of a file or folder of the shared folder; it may be absent. */
export const sharedPath = (path: string): string => join(SHARED, path);

/** The lines of a file of the shared folder: one recorded case each. */
export const sharedLines = (path: string): string[] => readFileSync(sharedPath(path), 'utf8').trim().split('\n');

function available(path: string): boolean {
  const found = existsSync(sharedPath(path));
  if (!found) process.stderr.write(`skipped: no ${sharedPath(path)}\n`);
  return found;
}

/** `it`, which is reported as skipped (with a line that says why) where the shared folder lacks `path`. */
export const itWithShared = (path: string): jest.It => (available(path) ? it : it.skip);

/** `describe`, which is reported as skipped (with a line that says why) where the shared folder lacks `path`. */
export const describeWithShared = (path: string): jest.Describe => (available(path) ? describe : describe.skip);
