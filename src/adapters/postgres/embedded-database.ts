import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { EverstormError } from '../../model/errors';
import { lockDirectory } from './directory-lock';

const INIT_TIMEOUT_MS = 120_000;

/** PGlite's 128 MB of shared buffers would stay resident (326 MB with Node against 174 MB); the page cache of the host does as well. */
const MEMORY = ['-c', 'shared_buffers=8MB', '-c', 'work_mem=2MB', '-c', 'maintenance_work_mem=8MB'];

export interface EmbeddedDatabase {
  pglite: PGlite;
  /** Closes the files, then gives the directory free. */
  close(): Promise<void>;
}

/** Opens (first: makes) the embedded database of `directory` for this process alone. Throws CONFIGURATION when it is in use. */
export async function openEmbeddedDatabase(directory: string): Promise<EmbeddedDatabase> {
  const unlock = lockDirectory(directory);
  try {
    const dataDir = join(directory, 'pgdata');
    if (!existsSync(dataDir)) await initialise(dataDir);
    const pglite = await PGlite.create({ dataDir, startParams: [...PGlite.defaultStartParams, ...MEMORY] });
    const close = async (): Promise<void> => {
      await pglite.close();
      unlock();
    };
    return { pglite, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * Making a cluster takes PGlite 800 MB, which a process never gives back: so a child does it. It works on a draft that is
 * renamed when whole, so a child that dies leaves nothing half made.
 */
async function initialise(dataDir: string): Promise<void> {
  const draft = `${dataDir}.draft`;
  rmSync(draft, { recursive: true, force: true });
  const script = `require(process.argv[1]).PGlite.create({ dataDir: process.argv[2] }).then((db) => db.close())`;
  try {
    const library = require.resolve('@electric-sql/pglite');
    await promisify(execFile)(process.execPath, ['-e', script, library, draft], { timeout: INIT_TIMEOUT_MS });
  } catch (error) {
    throw new EverstormError(
      'CONFIGURATION',
      `the embedded database cannot be made in ${dataDir}: is it writable?`,
      {},
      {
        cause: error,
      },
    );
  }
  renameSync(draft, dataDir);
}
