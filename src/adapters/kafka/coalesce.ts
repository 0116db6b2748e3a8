/**
 * Shares runs of `work` among callers: at most one runs and one waits. A caller never gets the result of a run that began before its call,
 * so that it sees what was true when it asked.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = (): Promise<void> => {
    const started = work().finally(() => {
      if (running === started) running = null;
    });
    running = started;
    return started;
  };
  return () => {
    if (!running) return run();
    next ??= running
      .catch(() => undefined) // its own callers get the error
      .then(() => {
        next = null;
        return run();
      });
    return next;
  };
}
