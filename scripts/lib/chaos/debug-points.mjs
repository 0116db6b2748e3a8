import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Named places in the platform at which a process kills itself (src/model/debug-points.ts). */
export const POINTS = ['after-consume', 'after-start', 'before-commit', 'mid-activity', 'before-audit'];
const LOOK_MS = 100;
const AGAIN_AFTER_MS = 20_000;

/**
 * Arms every point until a process died there, and again some time later, until the signal comes. What was not hit by then stays armed: load
 * that is still under way gets there.
 * @returns {{ended: Promise<void>, hits: () => Record<string, number>}} `hits`: how often each was hit by now
 */
export function hitDebugPoints({ folder, signal, log }) {
  mkdirSync(folder, { recursive: true });
  const hits = Object.fromEntries(POINTS.map((point) => [point, 0]));
  const armed = new Set();
  const pause = (ms) => delay(ms, undefined, { signal }).catch(() => undefined);
  const look = (point) => {
    if (!armed.has(point) || existsSync(join(folder, point))) return;
    armed.delete(point);
    hits[point] += 1;
    log(`died at ${point}`);
  };

  async function keepArmed(point) {
    while (!signal.aborted) {
      armed.add(point);
      writeFileSync(join(folder, point), '');
      while (armed.has(point) && !signal.aborted) {
        await pause(LOOK_MS);
        look(point);
      }
      await pause(AGAIN_AFTER_MS);
    }
    look(point);
    if (hits[point] === 0) return;
    armed.delete(point);
    rmSync(join(folder, point), { force: true });
  }

  const ended = Promise.all(POINTS.map(keepArmed));
  return {
    ended,
    hits: () => {
      POINTS.forEach(look);
      return { ...hits };
    },
  };
}
