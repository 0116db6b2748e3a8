import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 1_000;
/** An action takes 3 s at most, and a worker's end or silence kills it within 6 s: what is older nobody owns any more. */
const TOO_OLD_MS = 15_000;

/** Pids of living processes whose command line names the effects file: actions. */
function actionProcesses(effectsFile) {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(effectsFile);
    } catch {
      return false; // ended meanwhile
    }
  });
}

/** Watches until the signal comes; resolves to the pids of actions that outlived their workers, whatever became of them. */
export async function watchOrphans({ effectsFile, signal }) {
  const since = new Map();
  const orphans = new Set();
  for (;;) {
    const now = Date.now();
    const living = actionProcesses(effectsFile);
    for (const pid of since.keys()) if (!living.includes(pid)) since.delete(pid);
    for (const pid of living) {
      if (!since.has(pid)) since.set(pid, now);
      else if (now - since.get(pid) > TOO_OLD_MS) orphans.add(pid);
    }
    if (signal.aborted) return orphans;
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Those that are there although everything has ended. */
export const leftActions = actionProcesses;
