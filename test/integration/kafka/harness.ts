import { randomUUID } from 'node:crypto';
import { Partitioners } from 'kafkajs';
import type { Kafka, Producer } from 'kafkajs';
import { connectKafka } from '../../../src/adapters/kafka/connection';
import { createKafka } from '../../../src/adapters/kafka/create-kafka';
import type { KafkaParts } from '../../../src/adapters/kafka/create-kafka';
import type { LogEntry, NewEvent } from '../../../src/model/event';
import type { PlatformState } from '../../../src/ports/store';
import { kafkaBroker } from '../../helpers/addresses';
import { memoryPlatformState } from '../../helpers/memory-platform-state';

export interface World {
  kafka: KafkaParts;
  /** Another process' view of the same topics. */
  again(): KafkaParts;
  /** A Kafka client that knows nothing of Everstorm. */
  foreign: Kafka;
  producer: Producer;
  platform: PlatformState;
  group: string;
  close(): Promise<void>;
}

/** Topics of its own, created, with `partitions` each. */
export async function newWorld(partitions = 4): Promise<World> {
  const topicPrefix = `test-${randomUUID()}`;
  const platform = memoryPlatformState();
  const brokers = [kafkaBroker()];
  const log = () => undefined;
  const opened: KafkaParts[] = [];
  const open = () => {
    const parts = createKafka({ brokers, topicPrefix, clientId: 'test', platform, log });
    opened.push(parts);
    return parts;
  };
  const kafka = open();
  await kafka.ensureTopics({ partitions });
  const foreign = connectKafka({ brokers, clientId: 'foreign', log });
  const producer = foreign.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    kafka,
    again: open,
    foreign,
    producer,
    platform,
    group: `${topicPrefix}.group`,
    async close() {
      await producer.disconnect();
      await Promise.all(opened.map((parts) => parts.close()));
      const admin = foreign.admin();
      await admin.connect();
      await admin.deleteTopics({ topics: Object.values(kafka.topics) });
      await admin.disconnect();
    },
  };
}

export function newEvent(n: number, more: Partial<NewEvent> = {}): NewEvent {
  return {
    trigger: 'test.event',
    source: `/test/${n % 7}`,
    eventId: `event-${n}`,
    occurredAt: '2026-01-01T00:00:00.000Z',
    payload: { n },
    ...more,
  };
}

export const headersOf = (id: string): Record<string, string> => ({
  ce_specversion: '1.0',
  ce_id: id,
  ce_source: '/foreign',
  ce_type: 'test.foreign',
});

/** Event id of an entry; `malformed:<detail>` of another. */
export const nameOf = (entry: LogEntry): string =>
  entry.kind === 'event' ? entry.event.eventId : `malformed:${entry.record.detail}`;

/** Resolves once the condition holds; fails after `ms`. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  ms = 30_000,
): Promise<void> {
  for (const end = Date.now() + ms; ;) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
