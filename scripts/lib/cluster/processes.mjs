import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Variables that mark all processes of a cluster; children inherit them, whoever their parent becomes. */
export const HOME_MARK = 'EVERSTORM_CLUSTER_HOME';
export const MEMBER_MARK = 'EVERSTORM_CLUSTER_MEMBER';

const read = (pid, file) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1').split('\0');
  } catch {
    return []; // ended, or somebody else's
  }
};

/** Whether the process lives and belongs to the cluster of that home; with `member`, whether it is that one (a reused pid would not be). */
export function isOurs(pid, home, member) {
  const environment = read(pid, 'environ');
  if (!environment.includes(`${HOME_MARK}=${home}`)) return false;
  return member === undefined || environment.includes(`${MEMBER_MARK}=${member}`);
}

/** Whether the process is the keeper of that home. */
export const isKeeper = (pid, home) => {
  const words = read(pid, 'cmdline');
  return words.some((word) => word.endsWith('cluster-keeper.mjs')) && words.includes(home);
};

const livingPids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Pids of all processes of the cluster, but for `except`. */
export const findOurs = (home, except = []) => livingPids().filter((pid) => !except.includes(pid) && isOurs(pid, home));

/** Pids of all processes but this one whose command line contains a text. */
export const findByCommand = (text) =>
  livingPids().filter((pid) => pid !== process.pid && read(pid, 'cmdline').some((word) => word.includes(text)));

/** Sends a signal; a process that has ended meanwhile is no error. */
export function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Resolves when the condition holds, true, or after `ms`, false. */
export async function until(condition, ms, everyMs = 100) {
  for (const end = Date.now() + ms; ; await delay(everyMs)) {
    if (await condition()) return true;
    if (Date.now() > end) return false;
  }
}
