import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, ERRORS, messageOf } from '../model/errors';
import type { Logger } from '../telemetry/logger';
import type { Readiness } from './readiness';

/** Runs one step towards a dependency, named for people; how often it is tried is the matter of the implementation. */
export type Reach = <T>(dependency: string, step: () => Promise<T>) => Promise<T>;

/** One try: `dev` has just started the services itself. */
export const reachOnce: Reach = (_dependency, step) => step();

export interface PatienceOptions {
  readiness: Readiness;
  log: Logger;
  /** Aborting it ends the waiting at once: its reason is thrown. */
  signal: AbortSignal;
  /** Since the beginning, for all dependencies together, ms. Default ten minutes. */
  giveUpAfterMs?: number;
}

const GIVE_UP_AFTER_MS = 600_000;
const FIRST_PAUSE_MS = 250;
/** What waited out an outage goes on this much later at most. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Tries again while the dependency is away (a retryable error of the catalogue), with back-off; readiness and log name it meanwhile. Any other
 * error, such as CONFIGURATION, is thrown at once; the last one is thrown when patience ends.
 */
export function reachPatiently({ readiness, log, signal, giveUpAfterMs }: PatienceOptions): Reach {
  const giveUpAt = Date.now() + (giveUpAfterMs ?? GIVE_UP_AFTER_MS);
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  stopped.catch(() => undefined); // raced below; nobody may be waiting when it comes
  return async (dependency, step) => {
    readiness.lacks(dependency, 'not reached yet');
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const result = await Promise.race([step(), stopped]);
        if (attempt > 1) log.info({ dependency, attempt }, 'dependency is there');
        readiness.forget(dependency);
        return result;
      } catch (error) {
        if (!isRetryable(error) || Date.now() > giveUpAt) throw error;
        const reason = messageOf(error);
        readiness.lacks(dependency, reason);
        log.warn({ dependency, attempt, reason }, 'waiting for a dependency');
      }
      await Promise.race([pause(pauseMs(attempt)), stopped]);
    }
  };
}

/** Doubled each time, of which a random half is taken off so that many processes don't try in step. */
function pauseMs(attempt: number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 10));
  return full / 2 + (full / 2) * Math.random();
}

function isRetryable(error: unknown): boolean {
  const code = errorCode(error);
  return code !== null && ERRORS[code].retryable;
}
