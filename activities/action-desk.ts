import { EverstormError } from '../src/model/errors';
import { CONTACT_LOST_MS, OUTCOME_KEPT_MS, UNCLAIMED_ACTION_MS } from '../src/model/timings';
import type { ExecutionOutcome } from '../src/model/execution';

/** Why an action was stopped before it ended by itself. */
export type StopReason = 'cancelled' | 'unclaimed' | 'cut-off' | 'shutdown';

/** Stopped without anyone asking for it: what the action did is not known. */
export const isLoss = (reason: StopReason | null): boolean => reason !== null && reason !== 'cancelled';

/** One action that this process runs or ran. */
export interface DeskEntry {
  /** Settles when the action has ended and nothing of it runs on; never rejects for a stop. */
  readonly outcome: Promise<ExecutionOutcome>;
  /** Why it was stopped; null when it was not (yet). */
  readonly stopped: StopReason | null;
  stop(reason: StopReason): void;
  /** Its activity attends to it (again): the time for claiming it ends. */
  claim(): void;
  /** Its activity is gone: unless somebody claims it in time, it is stopped. */
  orphan(): void;
}

/**
 * The actions of one worker process, whether or not Temporal still thinks that they run here. An action whose heartbeats
 * Temporal missed (an outage of its own, say) goes on, and its outcome waits, so that the workflow can ask for it instead of
 * calling it abandoned.
 */
export interface ActionDesk {
  /** Runs an action under `key`. */
  run(key: string, act: (signal: AbortSignal) => Promise<ExecutionOutcome>): DeskEntry;
  /** The action under `key`; `not-begun` when it was refused before it did anything, undefined when it is not known (any more). */
  find(key: string): DeskEntry | 'not-begun' | undefined;
  /** Keeps in mind that the action under `key` was not begun. */
  refuse(key: string): void;
  /** To be told each time that Temporal was reached. */
  contact(): void;
  close(): void;
}

export interface DeskOptions {
  /** Milliseconds; the defaults are those of src/model/timings.ts. */
  unclaimedMs?: number;
  contactLostMs?: number;
  outcomeKeptMs?: number;
  /** Bytes of outcomes kept for late questions; the oldest go first. */
  keptBytes?: number;
}

const KEPT_BYTES = 64 * 1024 * 1024;
const SMALL = 256;

export function createActionDesk(options: DeskOptions = {}): ActionDesk {
  const running = new Map<string, DeskEntry>();
  const kept = new Map<string, { entry: DeskEntry | 'not-begun'; bytes: number; timer: NodeJS.Timeout }>();
  const keptBytes = options.keptBytes ?? KEPT_BYTES;
  let bytesHeld = 0;
  let cutOff: NodeJS.Timeout | undefined;

  function drop(key: string): void {
    const held = kept.get(key);
    if (!held) return;
    clearTimeout(held.timer);
    kept.delete(key);
    bytesHeld -= held.bytes;
  }

  function keep(key: string, entry: DeskEntry | 'not-begun', bytes: number): void {
    drop(key);
    const timer = setTimeout(() => drop(key), options.outcomeKeptMs ?? OUTCOME_KEPT_MS);
    timer.unref();
    kept.set(key, { entry, bytes, timer });
    bytesHeld += bytes;
    for (const oldest of kept.keys()) {
      if (bytesHeld <= keptBytes) break;
      drop(oldest);
    }
  }

  /** Counts from the last contact, and only while something runs. */
  function watchContact(): void {
    clearTimeout(cutOff);
    if (running.size === 0) return;
    cutOff = setTimeout(
      () => running.forEach((entry) => entry.stop('cut-off')),
      options.contactLostMs ?? CONTACT_LOST_MS,
    );
    cutOff.unref();
  }

  function settle(key: string, entry: DeskEntry, bytes: number): void {
    running.delete(key);
    keep(key, entry, bytes);
  }

  return {
    run(key, act) {
      const entry = startEntry(act, options.unclaimedMs ?? UNCLAIMED_ACTION_MS);
      running.set(key, entry);
      // Temporal was reached: it handed the action out just now.
      watchContact();
      entry.outcome.then(
        ({ result }) => settle(key, entry, SMALL + (JSON.stringify(result) ?? '').length),
        () => settle(key, entry, SMALL),
      );
      return entry;
    },
    find: (key) => running.get(key) ?? kept.get(key)?.entry,
    refuse: (key) => keep(key, 'not-begun', SMALL),
    contact: watchContact,
    close() {
      clearTimeout(cutOff);
      running.forEach((entry) => entry.stop('shutdown'));
      for (const key of [...kept.keys()]) drop(key);
    },
  };
}

function startEntry(act: (signal: AbortSignal) => Promise<ExecutionOutcome>, unclaimedMs: number): DeskEntry {
  const abort = new AbortController();
  let stopped: StopReason | null = null;
  let ended = false;
  let unclaimed: NodeJS.Timeout | undefined;
  const stop = (reason: StopReason): void => {
    if (ended || stopped !== null) return;
    stopped = reason;
    abort.abort(new EverstormError('ACTION_ABANDONED', reason));
  };
  const outcome = act(abort.signal).finally(() => {
    ended = true;
    clearTimeout(unclaimed);
  });
  outcome.catch(() => undefined); // whoever attends to it hears of it
  return {
    outcome,
    get stopped() {
      return stopped;
    },
    stop,
    claim: () => clearTimeout(unclaimed),
    orphan() {
      clearTimeout(unclaimed);
      if (!ended) unclaimed = setTimeout(() => stop('unclaimed'), unclaimedMs);
    },
  };
}
