import type { IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import type { LoggedEvent, MalformedRecord } from '../../model/event';
import type { DeadLetter, DeadLetters } from '../../ports/event-log';
import type { AdminLink } from './admin-link';
import type { KafkaLog } from './connection';
import { encodeEvent, originalOf } from './event-codec';
import type { EventProducer, OutgoingRecord } from './event-producer';
import { KafkaFeed } from './feed';
import { readHeaders } from './headers';
import { scan } from './scan';

/** Headers that a dead letter has besides those of the record. */
export const DLQ_HEADERS = {
  code: 'es_dlq_code',
  reason: 'es_dlq_reason',
  topic: 'es_dlq_topic',
  partition: 'es_dlq_partition',
  offset: 'es_dlq_offset',
  rule: 'es_dlq_rule',
  /** Id of the trigger instance; malformed records have none. */
  instance: 'es_dlq_instance',
} as const;

const buffer = (bytes: Uint8Array | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));

function plain(headers: IHeaders | undefined): Record<string, Buffer> {
  return Object.fromEntries(readHeaders(headers).values);
}

function recordOf(entry: LoggedEvent | MalformedRecord): OutgoingRecord {
  if ('headers' in entry) return { key: buffer(entry.key), value: buffer(entry.value), headers: { ...entry.headers } };
  const original = originalOf(entry);
  return original ? { key: original.key, value: original.value, headers: plain(original.headers) } : encodeEvent(entry);
}

interface Letter {
  partition: number;
  offset: number;
  instanceId: string | undefined;
}

export interface DeadLetterParts {
  kafka: Kafka;
  topic: string;
  eventsTopic: string;
  producer: EventProducer;
  admin: AdminLink;
  log: KafkaLog;
}

/** `everstorm.events.dlq` on Kafka. A letter keeps key, value and headers of its record; a header that came twice is kept once. */
export class KafkaDeadLetters implements DeadLetters {
  constructor(private readonly parts: DeadLetterParts) {}

  async setAside(entry: LoggedEvent | MalformedRecord, why: DeadLetter): Promise<void> {
    const record = recordOf(entry);
    await this.parts.producer.publish({
      ...record,
      headers: {
        ...record.headers,
        [DLQ_HEADERS.code]: why.code,
        [DLQ_HEADERS.reason]: why.reason,
        [DLQ_HEADERS.topic]: this.parts.eventsTopic,
        [DLQ_HEADERS.partition]: String(entry.partition),
        [DLQ_HEADERS.offset]: String(entry.offset),
        ...('instanceId' in entry && { [DLQ_HEADERS.instance]: entry.instanceId }),
        ...(why.ruleRef !== undefined && { [DLQ_HEADERS.rule]: why.ruleRef }),
      },
    });
  }

  async *instanceIds(): AsyncIterable<string> {
    const { kafka, topic, admin, log } = this.parts;
    const open = (partition: number): Promise<(message: KafkaMessage) => Letter> =>
      Promise.resolve(({ headers, offset }) => {
        const instanceId = readHeaders(headers).values.get(DLQ_HEADERS.instance)?.toString();
        return { partition, offset: Number(offset), instanceId };
      });
    const feed = new KafkaFeed<Letter>({ kafka, topic, log, opener: () => open });
    for await (const { instanceId } of scan({ feed, admin, topic, placeOf: (letter) => letter })) {
      if (instanceId !== undefined) yield instanceId;
    }
  }
}
