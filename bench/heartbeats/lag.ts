import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { median } from '../lib/statistics';

const TOPIC = 'everstorm.events';
const GROUPS = ['everstorm.rules', 'everstorm.conditions'];
const LOOK_MS = 2_000;

export interface Lags {
  /** Records between the log's end and what the slower group has done with; medians of the first and of the last third, and the most. */
  lag_first: number;
  lag_last: number;
  lag_most: number;
}

/** Watches how far the consumers of events are behind. */
export async function watchLag(broker: string): Promise<{ stop(): Promise<Lags> }> {
  const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const lags: number[] = [];
  const stopping = new AbortController();
  const lagOf = async (groupId: string): Promise<number> => {
    const [fetched] = await admin.fetchOffsets({ groupId, topics: [TOPIC] });
    const ends = await admin.fetchTopicOffsets(TOPIC);
    const committed = new Map(
      fetched?.partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]),
    );
    return ends.reduce((sum, { partition, high }) => sum + Number(high) - (committed.get(partition) ?? 0), 0);
  };
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      lags.push(Math.max(...(await Promise.all(GROUPS.map(lagOf)))));
      await delay(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      stopping.abort();
      await watching;
      await admin.disconnect();
      const third = Math.ceil(lags.length / 3);
      return {
        lag_first: median(lags.slice(0, third)),
        lag_last: median(lags.slice(-third)),
        lag_most: Math.max(...lags),
      };
    },
  };
}
