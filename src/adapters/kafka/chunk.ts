import type { KafkaMessage } from 'kafkajs';

/** A record as an entry of the feed, or null when the feed skips it. */
export type DecodeRecord<T> = (message: KafkaMessage) => T | null;

/** Entries of consecutive records, with the offset that may be resolved once each is done (skipped records behind it included). */
export interface Chunk<T> {
  entries: T[];
  resolvable: string[];
  /** Last of the records skipped before the first entry. */
  skipped: string | null;
}

export function toChunk<T>(messages: readonly KafkaMessage[], decode: DecodeRecord<T>): Chunk<T> {
  const chunk: Chunk<T> = { entries: [], resolvable: [], skipped: null };
  for (const message of messages) {
    const entry = decode(message);
    if (entry !== null) {
      chunk.entries.push(entry);
      chunk.resolvable.push(message.offset);
    } else if (chunk.resolvable.length > 0) {
      chunk.resolvable[chunk.resolvable.length - 1] = message.offset;
    } else {
      chunk.skipped = message.offset;
    }
  }
  return chunk;
}
