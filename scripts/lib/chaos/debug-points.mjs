import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Named places in the platform at which a process kills itself (src/model/debug-points.ts). */
export const POINTS = ['after-consume', 'after-start', 'before-commit', 'mid-activity', 'before-audit'];
const LOOK_MS = 100;

/** Arms one point after the other, each until a process died there, until the signal comes; resolves to how often each was hit. */
export async function hitDebugPoints({ folder, signal, log }) {
  mkdirSync(folder, { recursive: true });
  const hits = Object.fromEntries(POINTS.map((point) => [point, 0]));
  const pause = (ms) => delay(ms, undefined, { signal }).catch(() => undefined);
  for (let turn = 0; !signal.aborted; turn = (turn + 1) % POINTS.length) {
    const point = POINTS[turn];
    const file = join(folder, point);
    writeFileSync(file, '');
    while (existsSync(file) && !signal.aborted) await pause(LOOK_MS);
    if (!existsSync(file)) {
      hits[point] += 1;
      log(`died at ${point}`);
    }
    rmSync(file, { force: true });
    await pause(turn === POINTS.length - 1 ? 20_000 : 2_500);
  }
  return hits;
}
