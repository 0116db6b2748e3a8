import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.mjs';
import { portTaken } from './probes.mjs';
import { findOnPath, run, SetupError, tail } from './run.mjs';

/** Folder with `initdb` and `postgres` (Debian's newest, else PATH), or undefined. */
export function findPostgres() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(debian, version, 'bin'));
  const initdb = findOnPath('initdb');
  if (initdb) folders.push(join(initdb, '..'));
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Postgres refuses to run as root: then its programs run as the user `postgres`. */
async function asServerUser(folder) {
  if (process.getuid?.() !== 0) return (command, args) => [command, args];
  const { code } = await run('chown', ['postgres', folder]);
  if (code !== 0 || !findOnPath('setpriv')) {
    throw new SetupError(
      'Postgres refuses to run as root, and there is no user `postgres` or no `setpriv` to switch to it.',
    );
  }
  const switchUser = ['--reuid=postgres', '--regid=postgres', '--init-groups', '--'];
  return (command, args) => ['setpriv', [...switchUser, command, ...args]];
}

/**
 * Starts a Postgres of our own for tests on 127.0.0.1: empty, everybody trusted, not flushed to disk. `folder` is made and
 * its parents must be open to the user `postgres` when we are root.
 * @returns {Promise<{pid: number, exited: Promise<void>, stop: () => Promise<void>, url: string}>} Throws SetupError.
 */
export async function startPostgres({ bin, port, folder, logFile }) {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const wrap = await asServerUser(folder);
  const data = join(folder, 'data');
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const { code, output } = await run(...wrap(join(bin, 'initdb'), initdb), { cwd: folder, timeoutMs: 60_000 });
  if (code !== 0) throw new SetupError(`Postgres could not be set up in ${data}:\n${tail(output)}`);
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: 'off' };
  const flags = Object.entries({ ...settings, max_connections: 300 }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const [command, args] = wrap(join(bin, 'postgres'), ['-D', data, ...flags]);
  const healthy = () => portTaken({ port });
  // SIGINT is Postgres' fast shutdown; SIGTERM would wait for its clients.
  const options = { name: 'Postgres', command, args, cwd: folder, logFile, healthy, stopSignal: 'SIGINT' };
  return { ...(await startChild(options)), url: `postgres://postgres@127.0.0.1:${port}/postgres` };
}
