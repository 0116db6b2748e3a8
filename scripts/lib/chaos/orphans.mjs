import { setTimeout as delay } from 'node:timers/promises';
import { findByCommand } from '../cluster/processes.mjs';

const LOOK_MS = 1_000;
/** An action takes 3 s at most, and a worker's end or silence kills it within 6 s: what is older nobody owns any more. */
const TOO_OLD_MS = 15_000;

/** Watches actions, whose command lines name the effects file, until the signal comes; resolves to the pids of actions that outlived their workers, whatever became of them. */
export async function watchOrphans({ effectsFile, signal }) {
  const since = new Map();
  const orphans = new Set();
  for (;;) {
    const now = Date.now();
    const living = findByCommand(effectsFile);
    for (const pid of since.keys()) if (!living.includes(pid)) since.delete(pid);
    for (const pid of living) {
      if (!since.has(pid)) since.set(pid, now);
      else if (now - since.get(pid) > TOO_OLD_MS) orphans.add(pid);
    }
    if (signal.aborted) return orphans;
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
