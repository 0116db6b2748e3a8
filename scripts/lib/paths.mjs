import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where downloaded and built programs are kept, shared by all checkouts of a user. */
export function cacheFolder(env = process.env) {
  return env.EVERSTORM_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'everstorm');
}
