import { setTimeout as delay } from 'node:timers/promises';

/** Looks now and then again and again, never twice at once, until stopped; `stop` waits for a look under way. */
export function keepLooking(
  look: () => Promise<void>,
  { everyMs, onError }: { everyMs: number; onError: (error: unknown) => void },
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await look().catch(onError);
      // Jitter: processes that started together do not ask together.
      await delay(everyMs * (0.8 + Math.random() * 0.4), undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
