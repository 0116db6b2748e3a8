import type { RunningRole } from './roles/role';

/** So long after the drain time a stop that hangs is given up. */
const PATIENCE_MS = 45_000;

/**
 * Aborted by SIGINT or SIGTERM. Ctrl-C reaches a terminal's whole process group and is forwarded by npm as well, so repeated signals change
 * nothing.
 */
export function whenAskedToStop(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => asked.abort());
  return asked.signal;
}

/**
 * Waits for the signal, then stops what serves; resolves when it has, and ends the process when that takes too long. `drainMs`: how long
 * running actions may go on.
 */
export async function stopWithin(
  serving: RunningRole,
  { asked, say, drainMs }: { asked: AbortSignal; say: (line: string) => void; drainMs: number },
): Promise<void> {
  if (!asked.aborted) await new Promise((resolve) => asked.addEventListener('abort', resolve, { once: true }));
  say('stopping …');
  const giveUp = setTimeout(() => {
    say('stopping takes too long, giving up');
    process.exit(1);
  }, drainMs + PATIENCE_MS);
  await serving.stop();
  clearTimeout(giveUp);
}
