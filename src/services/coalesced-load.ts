/** A reading whose overlapping calls are shared: at most one runs, and at most one more follows it. */
export interface CoalescedLoad<T> {
  /** Resolves with what was read after this call began: a caller never gets a reading older than its question. */
  load(): Promise<T>;
  /** Resolves when the reading that runs now has ended, however. */
  settled(): Promise<void>;
}

export function coalescedLoad<T>(read: () => Promise<T>): CoalescedLoad<T> {
  let running: Promise<T> | null = null;
  let next: Promise<T> | null = null;
  const begin = (): Promise<T> => {
    running = read().finally(() => {
      running = null;
    });
    return running;
  };
  const ended = async (): Promise<void> => {
    // Its own callers get the error.
    await running?.catch(() => undefined);
  };
  return {
    load: () => {
      if (!running) return begin();
      next ??= ended().then(() => {
        next = null;
        return begin();
      });
      return next;
    },
    settled: ended,
  };
}
