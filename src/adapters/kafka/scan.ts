import { randomUUID } from 'node:crypto';
import type { Batch, Feed } from '../../ports/feed';
import type { AdminLink } from './admin-link';

/**
 * Everything that is in the topic now, partition by partition interleaved; ends where the log ended when it began. Reads through a feed with a
 * group of its own; a batch is taken only when the one before was consumed, so memory is bounded.
 */
export async function* scan<T>(parts: {
  feed: Feed<T>;
  admin: AdminLink;
  topic: string;
  placeOf: (entry: T) => { partition: number; offset: number };
}): AsyncIterable<T> {
  const left = new Map<number, number>();
  for (const [partition, { low, high }] of await parts.admin.offsets(parts.topic)) {
    if (high > low) left.set(partition, high - 1);
  }
  if (left.size === 0) return;
  const turn = handOver<Batch<T>>();
  const running = await parts.feed.start({
    group: `${parts.topic}.scan.${randomUUID()}`,
    from: 'earliest',
    handler: async (batch) => {
      await turn.give(batch);
      batch.done(batch.entries.length - 1);
    },
  });
  try {
    while (left.size > 0) {
      const { item: batch, taken } = await turn.take();
      for (const entry of batch.entries) {
        const place = parts.placeOf(entry);
        const last = left.get(place.partition);
        if (last === undefined || place.offset > last) continue;
        yield entry;
        if (place.offset === last) left.delete(place.partition);
      }
      taken();
    }
  } finally {
    turn.close();
    await running.stop();
  }
}

/** Passes items from many givers to one taker; a giver waits until its item was used up. */
function handOver<T>() {
  const waiting: { item: T; taken: () => void }[] = [];
  let wake: (() => void) | null = null;
  let closed = false;
  return {
    give: (item: T): Promise<void> =>
      closed
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push({ item, taken: resolve });
            wake?.();
          }),
    take: async (): Promise<{ item: T; taken: () => void }> => {
      for (let next = waiting.shift(); ; next = waiting.shift()) {
        if (next) return next;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: (): void => {
      closed = true;
      for (const { taken } of waiting.splice(0)) taken();
    },
  };
}
