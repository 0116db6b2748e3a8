import type { IHeaders } from 'kafkajs';
import type { LoggedEvent, MalformedRecord } from '../../model/event';
import type { DeadLetter, DeadLetters } from '../../ports/event-log';
import { encodeEvent, originalOf } from './event-codec';
import type { EventProducer, OutgoingRecord } from './event-producer';
import { readHeaders } from './headers';

/** Headers that a dead letter has besides those of the record. */
export const DLQ_HEADERS = {
  code: 'es_dlq_code',
  reason: 'es_dlq_reason',
  topic: 'es_dlq_topic',
  partition: 'es_dlq_partition',
  offset: 'es_dlq_offset',
  rule: 'es_dlq_rule',
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

/** `everstorm.events.dlq` on Kafka. A letter keeps key, value and headers of its record; a header that came twice is kept once. */
export class KafkaDeadLetters implements DeadLetters {
  constructor(
    private readonly producer: EventProducer,
    private readonly eventsTopic: string,
  ) {}

  async setAside(entry: LoggedEvent | MalformedRecord, why: DeadLetter): Promise<void> {
    const record = recordOf(entry);
    await this.producer.publish({
      ...record,
      headers: {
        ...record.headers,
        [DLQ_HEADERS.code]: why.code,
        [DLQ_HEADERS.reason]: why.reason,
        [DLQ_HEADERS.topic]: this.eventsTopic,
        [DLQ_HEADERS.partition]: String(entry.partition),
        [DLQ_HEADERS.offset]: String(entry.offset),
        ...(why.ruleRef !== undefined && { [DLQ_HEADERS.rule]: why.ruleRef }),
      },
    });
  }
}
