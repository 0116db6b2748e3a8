import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const stateFile = (home) => join(home, 'cluster.json');

/** What the keeper last wrote of the cluster, or null when there was none in that home. */
export function readState(home) {
  try {
    return JSON.parse(readFileSync(stateFile(home), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** In one step: who reads meanwhile gets the old state or the new one. */
export function writeState(home, state) {
  const next = `${stateFile(home)}.${process.pid}`;
  writeFileSync(next, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(next, stateFile(home));
}

/** The unix socket at which the keeper takes commands; the system allows such paths 107 bytes. */
export function socketPath(home) {
  const path = join(home, 'keeper.sock');
  if (Buffer.byteLength(path) <= 100) return path;
  return join(tmpdir(), `everstorm-${createHash('sha256').update(home).digest('hex').slice(0, 16)}.sock`);
}
