import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { EverstormError } from '../../model/errors';
import { DIST } from '../project-root';

const START_MS = 300_000;

/** The running platform, or one started for the while. `stop` ends it only if it was started here. */
export async function ensurePlatform(apiUrl: string, say: (line: string) => void): Promise<{ stop(): Promise<void> }> {
  if (await isReady(apiUrl)) return { stop: () => Promise.resolve() };
  say('no platform is running here: starting one for the demo');
  const child = spawn(process.execPath, [join(DIST, 'src/bin/everstorm.js'), 'dev'], { stdio: ['ignore', 2, 2] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  for (let waited = 0; waited < START_MS; waited += 250) {
    if (await isReady(apiUrl)) return { stop };
    if (child.exitCode !== null)
      throw new EverstormError('UNAVAILABLE', 'the platform did not start; its messages are above');
    await delay(250);
  }
  await stop();
  throw new EverstormError('TIMED_OUT', `the platform was not ready within ${START_MS / 1000} s`);
}

async function isReady(apiUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(3_000) })).ok;
  } catch {
    return false;
  }
}
