import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError } from './run.mjs';

function holderIsGone(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * Runs `body` while holding a lock file (exclusive creation; its content is our process id). A lock whose process is gone
 * is taken over. Throws SetupError after `timeoutMs` of waiting.
 */
export async function withLock(file, body, timeoutMs = 300_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (holderIsGone(file)) rmSync(file, { force: true });
    else if (Date.now() > deadline) throw new SetupError(`${file} is held by another process for too long; remove it.`);
    else await delay(200);
  }
  try {
    return await body();
  } finally {
    rmSync(file, { force: true });
  }
}
