import type { EachBatchPayload } from 'kafkajs';
import { coalesce } from './coalesce';

/**
 * Commits of one consumer's partitions that come at once go as one request: a broker takes some milliseconds for each, one after the other, and a
 * request may name all partitions. What was resolved before the call is committed when it resolves. Rejects with kafkajs' error.
 */
export function sharedCommit(): (payload: EachBatchPayload) => Promise<void> {
  let latest: EachBatchPayload | undefined;
  const commit = coalesce(async () => {
    await latest?.commitOffsetsIfNecessary(latest.uncommittedOffsets());
  });
  return (payload) => {
    latest = payload;
    return commit();
  };
}
