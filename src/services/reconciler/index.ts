import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../model/errors';
import { tellEnds } from './ended-runs';
import { DEFAULT_TIMES } from './options';
import type { Reconciling, ReconcilerOptions } from './options';
import { tellResets } from './resets';
import { sweep } from './sweep';
import { tellUnheard } from './unheard';

export interface Reconciler {
  start(): void;
  /** Resolves when a cycle in progress has ended. Idempotent. */
  stop(): Promise<void>;
}

const MARK = 'run-endings';
const LONGEST_BACK_OFF_MS = 60_000;
/** How long a row may stay unfinished and unchanged when a process starts. */
const AFTER_START_MS = 5_000;
/** Failures in a row after which the pause does not grow any more. */
const GROWS_UNTIL = 8;

/**
 * Tells what runs could not tell: that Temporal ended them, that a reset put another in their place, that they are gone. Any number of
 * processes may run it at once, none leads; each fact gets one record (docs/audit.md).
 */
export function createReconciler({ times: given, ...options }: ReconcilerOptions): Reconciler {
  const times = { ...DEFAULT_TIMES, ...given };
  let stopping: AbortController | null = null;
  let running: Promise<void> = Promise.resolve();

  const run = async (signal: AbortSignal): Promise<void> => {
    const reconciling: Reconciling = { ...options, times, signal };
    // What a crash left unfinished is asked about soon after it.
    let unchanged = Math.min(AFTER_START_MS, times.unchanged);
    for (let failures = 0; !signal.aborted;) {
      try {
        await cycle(reconciling, unchanged);
        [failures, unchanged] = [0, times.unchanged];
      } catch (error) {
        failures = Math.min(failures + 1, GROWS_UNTIL);
        options.log.warn({ attempt: failures, reason: messageOf(error) }, 'runs could not be reconciled');
      }
      await pause(pauseMs(times.every, failures), undefined, { signal }).catch(() => undefined); // aborted: the loop ends
    }
  };

  return {
    start: () => {
      if (stopping) return;
      stopping = new AbortController();
      running = run(stopping.signal);
    },
    stop: async () => {
      stopping?.abort();
      stopping = null;
      await running;
    },
  };
}

async function cycle(reconciling: Reconciling, unchanged: number): Promise<void> {
  const { store, times, now, signal } = reconciling;
  const begun = now();
  const mark = await store.platform.mark(MARK);
  const since = new Date(mark === null ? 0 : Math.max(0, mark - times.overlap));
  const earliest = await tellEnds(since, reconciling);
  await tellResets(since, reconciling);
  if (signal.aborted) return;
  await store.platform.raiseMark(MARK, Math.min(begun, earliest));
  await tellUnheard(reconciling);
  await sweep(reconciling, unchanged);
}

/** Doubled with each failure; plus or minus a quarter, so that many processes don't ask in step. */
const pauseMs = (every: number, failures: number): number =>
  Math.min(every * 2 ** failures, Math.max(every, LONGEST_BACK_OFF_MS)) * (0.75 + Math.random() / 2);
