import { setTimeout as delay } from 'node:timers/promises';
import { commandCluster, readCluster } from '../cluster.mjs';
import { findOurs, isOurs, send } from '../cluster/processes.mjs';

/** Two kills of a kind are never further apart than this. */
const KILL_WITHIN_MS = 29_000;
const KILL_NOT_BEFORE_MS = 16_000;
const STOPPED_MS = 20_000;
const LOOK_MS = 100;

const between = (low, high) => low + Math.random() * (high - low);
const oneOf = (list) => list[Math.floor(Math.random() * list.length)];

/**
 * Kills (-9), stops (SIGSTOP for 20 s) and restarts members of a cluster at random until `signal` comes: at least one kill per kind and 30 s.
 * @param {{home: string, signal: AbortSignal, log: (line: string) => void}} setting
 */
export function createViolence({ home, signal, log }) {
  const kinds = [...new Set(readCluster(home).members.map(({ kind }) => kind))];
  const kills = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  const stops = {};
  const restarts = {};
  const troubles = [];
  const stopped = new Set();
  const pause = (ms) => delay(ms, undefined, { signal }).catch(() => undefined);
  const living = (fits) => readCluster(home).members.filter((member) => member.pid !== null && fits(member));

  async function killKind(kind) {
    await pause(between(2_000, KILL_WITHIN_MS));
    while (!signal.aborted) {
      const victim = oneOf(living((member) => member.kind === kind && isOurs(member.pid, home, member.name)));
      if (victim === undefined) {
        await pause(LOOK_MS); // just on its way back
        continue;
      }
      send(victim.pid, 'SIGKILL');
      kills[kind] += 1;
      log(`kill -9 ${victim.name}`);
      await pause(between(KILL_NOT_BEFORE_MS, KILL_WITHIN_MS));
    }
  }

  /** Postgres is many processes; of the others the one that works (a supervisor of actions is meant to see its worker stopped). */
  const processesOf = ({ name, kind, pid }) =>
    kind === 'postgres' ? findOurs(home).filter((each) => isOurs(each, home, name)) : [pid];

  async function stopOne() {
    const victim = oneOf(living(() => true));
    if (victim === undefined) return pause(LOOK_MS);
    const pids = processesOf(victim);
    for (const pid of pids) {
      stopped.add(pid);
      send(pid, 'SIGSTOP');
    }
    stops[victim.kind] = (stops[victim.kind] ?? 0) + 1;
    log(`stop ${victim.name} for 20 s`);
    await pause(STOPPED_MS);
    for (const pid of pids) goOn(pid, victim.name);
    await pause(between(1_000, 5_000));
  }

  function goOn(pid, name) {
    stopped.delete(pid);
    if (isOurs(pid, home, name)) send(pid, 'SIGCONT');
  }

  async function restart({ name, kind }) {
    log(`restart ${name}`);
    try {
      await commandCluster(home, { command: 'restart', members: [name], env: {} });
      restarts[kind] = (restarts[kind] ?? 0) + 1;
    } catch (error) {
      troubles.push(`restart ${name}: ${error.message.split('\n')[0]}`);
    }
  }

  const until = async (act) => {
    while (!signal.aborted) await act();
  };

  return {
    /** All three resolve when the signal came and what they do has ended. */
    kill: () => Promise.all(kinds.map(killKind)),
    stop: () => until(stopOne),
    restartSome: () =>
      until(async () => {
        await pause(between(5_000, 20_000));
        const victim = oneOf(living(() => true));
        if (victim !== undefined && !signal.aborted) await restart(victim);
      }),
    /** Every role's processes, one after the other, again and again. */
    restartAll: () =>
      until(async () => {
        for (const member of living(({ operationsPort }) => operationsPort !== null)) {
          if (!signal.aborted) await restart(member);
        }
      }),
    counts: () => ({ kills: { ...kills }, stops: { ...stops }, restarts: { ...restarts }, troubles: [...troubles] }),
  };
}
