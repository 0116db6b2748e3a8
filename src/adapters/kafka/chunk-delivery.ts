import type { EachBatchPayload } from 'kafkajs';
import type { Batch } from '../../ports/feed';
import { pauseFor } from '../../model/pause';
import type { Chunk } from './chunk';

export interface DeliveryOptions<T> {
  handler: (batch: Batch<T>) => Promise<void>;
  stopping: AbortSignal;
  /** How long a handler may go on after its signal was aborted, ms. */
  graceMs: number;
  /** Commits what is resolved; called now and then while the handler works, so that a death repeats little. Rejects as heartbeats do. */
  commit: () => Promise<void>;
}
/** `partly`: the feed is stopping and the handler left the rest undone. */
export type DeliveryOutcome = { kind: 'done' } | { kind: 'partly' } | { kind: 'failed'; error: unknown };

/** Often enough for kafkajs to keep its own heartbeat interval. */
const HEARTBEAT_SLICE_MS = 1_000;

/** Hands a chunk to the handler; offsets are resolved as the handler marks entries done. Rejects only when the group was lost (with kafkajs' error). */
export async function deliverChunk<T>(
  payload: EachBatchPayload,
  chunk: Chunk<T>,
  options: DeliveryOptions<T>,
): Promise<DeliveryOutcome> {
  const abort = new AbortController();
  const progress = { done: -1, closed: false };
  if (chunk.skipped !== null) payload.resolveOffset(chunk.skipped);
  if (chunk.entries.length === 0) return { kind: 'done' };
  const batch: Batch<T> = {
    partition: payload.batch.partition,
    entries: chunk.entries,
    signal: abort.signal,
    done(index) {
      const last = Math.min(index, chunk.entries.length - 1);
      const offset = chunk.resolvable[last];
      if (progress.closed || last <= progress.done || offset === undefined) return;
      progress.done = last;
      payload.resolveOffset(offset);
    },
  };
  try {
    const failure = await attend(payload, callHandler(options, batch), { abort, ...options });
    if (failure) return { kind: 'failed', error: failure.error };
    if (progress.done === chunk.entries.length - 1) return { kind: 'done' };
    if (options.stopping.aborted) return { kind: 'partly' };
    return { kind: 'failed', error: new Error('the handler left entries undone') };
  } finally {
    progress.closed = true;
  }
}

type Failure = { error: unknown } | null;

async function callHandler<T>(options: DeliveryOptions<T>, batch: Batch<T>): Promise<Failure> {
  try {
    await options.handler(batch);
    return null;
  } catch (error) {
    return { error };
  }
}

/** Waits for the handler, heartbeating in slices; after the feed began to stop or the group was lost, only for the grace time. */
async function attend(
  payload: EachBatchPayload,
  running: Promise<Failure>,
  options: Pick<DeliveryOptions<never>, 'stopping' | 'graceMs' | 'commit'> & { abort: AbortController },
): Promise<Failure> {
  const settled = new AbortController();
  const outcome = running.finally(() => settled.abort());
  let deadline = Infinity;
  while (!settled.signal.aborted && Date.now() < deadline) {
    if (options.stopping.aborted && deadline === Infinity) {
      deadline = Date.now() + options.graceMs;
      options.abort.abort();
    }
    const slice = Math.min(HEARTBEAT_SLICE_MS, deadline - Date.now());
    const wake = deadline === Infinity ? AbortSignal.any([settled.signal, options.stopping]) : settled.signal;
    await pauseFor(slice, wake);
    if (settled.signal.aborted) break;
    try {
      await payload.heartbeat();
      await options.commit();
    } catch (error) {
      options.abort.abort();
      await pauseFor(Math.max(0, Math.min(options.graceMs, deadline - Date.now())), settled.signal);
      throw error;
    }
  }
  return settled.signal.aborted ? outcome : null;
}
