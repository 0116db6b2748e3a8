import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sendCommand } from './cluster/control.mjs';
import { createCluster, endOthers } from './cluster/keeper.mjs';
import { plainEnvironment } from './cluster/members.mjs';
import { makePlan, samePlan } from './cluster/plan.mjs';
import { isKeeper, isOurs, until } from './cluster/processes.mjs';
import { readState, writeState } from './cluster/state-file.mjs';
import { ensureKafka } from './kafka.mjs';
import { withLock } from './lock.mjs';
import { ROOT } from './paths.mjs';
import { findPostgres, refuseClosedFolder } from './postgres.mjs';
import { SetupError, tail } from './run.mjs';
import { ensureTemporalCli } from './temporal.mjs';
import { ensureTemporalServer } from './temporal-server.mjs';

/**
 * Clusters of separate processes on this machine, each in a home directory of its own and kept by a keeper process (docs/cluster.md tells
 * the shape of its state). Needs Linux: processes are recognised by /proc.
 */
const quiet = () => undefined;
const UP_MS = 300_000;
const DOWN_MS = 240_000;
const keeperLog = (home) => join(home, 'logs', 'keeper.log');

/** The living keeper's pid, or null. */
const keeperOf = (state, home) => (state?.keeper && isKeeper(state.keeper.pid, home) ? state.keeper.pid : null);

async function refuseIncompleteMachine({ temporal = 'server' }, log) {
  if (process.platform !== 'linux') throw new SetupError('The cluster needs Linux: it knows its processes by /proc.');
  if (!findPostgres()) {
    throw new SetupError('Postgres was not found. Install version 15 or newer (Debian: apt install postgresql).');
  }
  await ensureKafka({ log });
  await (temporal === 'dev' ? ensureTemporalCli({ log }) : ensureTemporalServer({ log }));
}

function spawnKeeper(home) {
  mkdirSync(join(home, 'logs'), { recursive: true });
  const log = openSync(keeperLog(home), 'a');
  const script = join(ROOT, 'scripts/cluster-keeper.mjs');
  const child = spawn(process.execPath, [script, home], {
    cwd: home,
    env: plainEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  return child.pid;
}

/** Says which processes became ready since it was last asked. */
function progressOf(log) {
  const told = new Map();
  return ({ members }) => {
    for (const { name, state, pid, lastEnd, restarts } of members) {
      const line =
        state === 'waiting'
          ? `cluster: ${name} ended (${lastEnd.split('\n')[0]}), trying again`
          : `cluster: ${name} is ${state} (pid ${pid})`;
      const key = `${state} ${restarts}`;
      if (told.get(name) === key) continue;
      told.set(name, key);
      if (state === 'running' || state === 'waiting') log(line);
    }
  };
}

async function untilUp(home, log, timeoutMs) {
  const tell = progressOf(log);
  const ended = { down: true, failed: true };
  let state;
  const settled = await until(() => {
    state = readState(home);
    tell(state);
    return state.phase === 'up' || ended[state.phase] || keeperOf(state, home) === null;
  }, timeoutMs);
  if (state.phase === 'up') return state;
  const why = settled
    ? (state.failure ?? `its keeper ended. End of ${keeperLog(home)}:\n${tail(readFileSync(keeperLog(home), 'utf8'))}`)
    : `not all was ready within ${timeoutMs / 1000} s`;
  if (!settled) await stopCluster(home);
  throw new SetupError(`The cluster did not come up and was ended: ${why}`);
}

/** Makes or takes over the keeper; resolves once it has written its first state. */
async function ensureKeeper(home, options) {
  const before = readState(home);
  if (keeperOf(before, home) !== null) {
    const asked = await makePlan(options, { previous: before.plan, keepPorts: true });
    if (samePlan(asked, before.plan) && JSON.stringify(asked.counts) === JSON.stringify(before.plan.counts)) return;
    throw new SetupError(
      `A cluster of another shape runs in ${home}: end it first (npm run cluster -- down --home ${home}).`,
    );
  }
  let left = (before?.members ?? []).filter(({ pid, name }) => pid && isOurs(pid, home, name));
  const asked = await makePlan(options, { previous: before?.plan, keepPorts: left.length > 0 });
  if (left.length > 0 && !samePlan(asked, before.plan)) {
    await stopCluster(home);
    left = [];
  }
  writeState(home, { home, phase: 'starting', failure: null, keeper: null, plan: asked, members: left });
  const pid = spawnKeeper(home);
  const registered = () => readState(home).keeper?.pid === pid || !isKeeper(pid, home);
  await until(registered, 20_000);
}

/**
 * Starts a cluster, or goes on with the one of that home (its data, its ports, and what lives of it although its keeper was killed);
 * resolves when all is ready. Programs that are missing are built or fetched first; dist/ must be built.
 * @param {{home: string, counts?: {api?: number, rules?: number, worker?: number, sensors?: number, audit?: number},
 *   temporal?: 'server' | 'dev', apiPort?: number, env?: Record<string, string>, dist?: string, durable?: boolean,
 *   log?: (line: string) => void, timeoutMs?: number}} options counts default to 1 each; `temporal` server = on Postgres; `env` goes to the
 *   roles; `durable: false` spares Postgres flushing to the disk.
 * @returns {Promise<object>} what {@link readCluster} tells. Throws SetupError.
 */
export async function startCluster({ log = quiet, timeoutMs = UP_MS, ...options }) {
  const home = resolve(options.home);
  await refuseIncompleteMachine(options, log);
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o755); // Postgres runs as another user when we are root
  await refuseClosedFolder(home);
  await withLock(join(home, '.up.lock'), () => ensureKeeper(home, options));
  return untilUp(home, log, timeoutMs);
}

/**
 * What is known of the cluster of a home: the keeper's last word, with `keeper: null` and phase `lost` when it was killed. Null when there was
 * never one.
 */
export function readCluster(home) {
  const state = readState(resolve(home));
  if (state === null) return null;
  const gone = keeperOf(state, state.home) === null;
  return gone && !['down', 'failed'].includes(state.phase) ? { ...state, keeper: null, phase: 'lost' } : state;
}

/** The members with `ready` and `missing` (what each lacks, asked now). */
export function askMembers(state) {
  const cluster = createCluster({ home: state.home, plan: state.plan, onChange: quiet, log: quiet });
  return Promise.all(
    state.members.map(async (member) => {
      const known = cluster.pick([member.name])[0];
      const missing = member.pid === null ? (member.lastEnd ?? 'not running') : await known.missing();
      return { ...member, ready: missing === '', missing };
    }),
  );
}

/**
 * Ends all of it in order, also when its keeper was killed; resolves when no process of it is left. Idempotent; data stays.
 * @returns {Promise<number[]>} pids that belonged to it and had to be killed at the end.
 */
export async function stopCluster(home) {
  const folder = resolve(home);
  const state = readState(folder);
  if (state === null) return [];
  const pid = keeperOf(state, folder);
  if (pid !== null) {
    await commandCluster(folder, { command: 'down' }).catch(() => process.kill(pid, 'SIGTERM'));
    if (await until(() => !isKeeper(pid, folder), DOWN_MS)) return endOthers(folder);
    process.kill(pid, 'SIGKILL');
  }
  const cluster = createCluster({ home: folder, plan: state.plan, onChange: quiet, log: quiet });
  cluster.adopt(state.members);
  await cluster.stop();
  const killed = await endOthers(folder);
  writeState(folder, { ...state, keeper: null, phase: 'down', members: cluster.info() });
  return killed;
}

/**
 * Asks the keeper (scripts/lib/cluster/control.mjs lists the commands): `{command: 'restart', members: ['worker-1'], env: {…}, dist: '…'}`.
 * @returns {Promise<object[]>} the members when it is done. Throws when it is refused or fails.
 */
export function commandCluster(home, command) {
  const state = readCluster(home);
  if (!state?.keeper) return Promise.reject(new SetupError(`No cluster runs in ${resolve(home)}.`));
  const dist = command.dist && resolve(command.dist); // the keeper has another working directory
  return sendCommand(state.keeper.socket, { ...command, dist });
}
