import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.mjs';
import { postgresHealthy } from './probes.mjs';
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

const SWITCH_USER = ['--reuid=postgres', '--regid=postgres', '--init-groups', '--'];

/** Throws SetupError when we are root and the user `postgres`, as whom the server then runs, may not enter the folder. */
export async function refuseClosedFolder(folder) {
  if (process.getuid?.() !== 0) return;
  const { code } = await run('setpriv', [...SWITCH_USER, 'test', '-x', folder]);
  if (code === 0) return;
  throw new SetupError(
    `Postgres runs as the user postgres, who may not enter ${folder} (or who does not exist). Choose another folder, ` +
      'outside of root’s own, with --home.',
  );
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
  return (command, args) => ['setpriv', [...SWITCH_USER, command, ...args]];
}

async function initialise({ bin, folder, wrap, durable }) {
  const data = join(folder, 'data');
  if (existsSync(join(data, 'PG_VERSION'))) return;
  const half = join(folder, 'data.new');
  rmSync(half, { recursive: true, force: true });
  const initdb = ['-D', half, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  if (!durable) initdb.push('--no-sync');
  const { code, output } = await run(...wrap(join(bin, 'initdb'), initdb), { cwd: folder, timeoutMs: 60_000 });
  if (code !== 0) throw new SetupError(`Postgres could not be set up in ${data}:\n${tail(output)}`);
  renameSync(half, data); // killed before this, the next start begins anew
}

/**
 * How a Postgres of our own is started on 127.0.0.1, everybody trusted; its data directory is made when there is none. `folder` is made
 * and its parents must be open to the user `postgres` when we are root. Without `durable` nothing is flushed to disk.
 * @returns {Promise<{name: string, command: string, args: string[], cwd: string, healthy: () => Promise<boolean>, stopSignal: NodeJS.Signals}>}
 *   Throws SetupError.
 */
export async function postgresProgram({ bin, port, folder, durable = false }) {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const wrap = await asServerUser(folder);
  await initialise({ bin, folder, wrap, durable });
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, max_connections: 300 };
  const flags = Object.entries({ ...settings, ...(!durable && { fsync: 'off' }) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const [command, args] = wrap(join(bin, 'postgres'), ['-D', join(folder, 'data'), ...flags]);
  // SIGINT is Postgres' fast shutdown; SIGTERM would wait for its clients.
  return {
    name: 'Postgres',
    command,
    args,
    cwd: folder,
    healthy: () => postgresHealthy({ port }),
    stopSignal: 'SIGINT',
  };
}

/**
 * Starts a Postgres of our own and waits until it takes sessions: {@link postgresProgram}, with its output in `logFile`.
 * @returns {Promise<{pid: number, exited: Promise<void>, stop: () => Promise<void>, url: string}>} Throws SetupError.
 */
export async function startPostgres({ logFile, ...options }) {
  const child = await startChild({ ...(await postgresProgram(options)), logFile });
  return { ...child, url: `postgres://postgres@127.0.0.1:${options.port}/postgres` };
}
