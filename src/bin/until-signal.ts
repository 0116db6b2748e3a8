import type { RunningRole } from './roles/role';

/** So long after the drain time a stop that hangs is given up. */
const PATIENCE_MS = 45_000;

/**
 * Resolves after SIGINT or SIGTERM came and everything has stopped. Ctrl-C reaches a terminal's whole process group and is forwarded by npm as
 * well, so repeated signals change nothing. `drainMs`: how long running actions may go on.
 */
export async function untilSignal(serving: RunningRole, say: (line: string) => void, drainMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
  say('stopping …');
  const giveUp = setTimeout(() => {
    say('stopping takes too long, giving up');
    process.exit(1);
  }, drainMs + PATIENCE_MS);
  await serving.stop();
  clearTimeout(giveUp);
}
