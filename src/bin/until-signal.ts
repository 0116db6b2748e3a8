import type { RunningRole } from './roles/role';

/** After this a stop that hangs is given up. */
const PATIENCE_MS = 45_000;

/**
 * Resolves after SIGINT or SIGTERM came and everything has stopped. Ctrl-C reaches a terminal's whole process group and is forwarded by npm as
 * well, so repeated signals change nothing.
 */
export async function untilSignal(serving: RunningRole, say: (line: string) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
  say('stopping …');
  const giveUp = setTimeout(() => {
    say('stopping takes too long, giving up');
    process.exit(1);
  }, PATIENCE_MS);
  await serving.stop();
  clearTimeout(giveUp);
}
