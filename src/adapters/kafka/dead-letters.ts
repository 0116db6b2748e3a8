import type { Kafka, KafkaMessage } from 'kafkajs';
import type { SetAside } from '../../model/dead-letter';
import { errorCode } from '../../model/errors';
import type { LogEntry, LoggedEvent, MalformedRecord } from '../../model/event';
import { parseTriggerInstanceId } from '../../model/ids';
import type { DeadLetter, DeadLetters } from '../../ports/event-log';
import type { Feed } from '../../ports/feed';
import type { AdminLink } from './admin-link';
import type { KafkaLog } from './connection';
import type { EventProducer } from './event-producer';
import { decodeEntry } from './event-codec';
import { KafkaFeed } from './feed';
import { decodeLetter, encodeLetter, encodeWithoutContent, letterContent } from './letter-codec';
import { scan } from './scan';
import { MAX_BATCH_BYTES } from './topics';
import type { TopicEpoch } from './topic-epoch';
import type { WarmReader } from './warm-reader';

export interface DeadLetterParts {
  kafka: Kafka;
  topic: string;
  eventsTopic: string;
  producer: EventProducer;
  reader: WarmReader;
  /** Where records lie that were too large to be copied. */
  events: { reader: WarmReader; epoch: TopicEpoch };
  admin: AdminLink;
  log: KafkaLog;
}

/** `everstorm.events.dlq` on Kafka. */
export class KafkaDeadLetters implements DeadLetters {
  constructor(private readonly parts: DeadLetterParts) {}

  async setAside(entry: LoggedEvent | MalformedRecord, why: DeadLetter): Promise<void> {
    const { producer, eventsTopic } = this.parts;
    // Everything behind a record in the log waits until it is set aside, so what is beyond the bound is not copied.
    const copied = why.code === 'EVENT_TOO_LARGE' ? null : encodeLetter(entry, why, eventsTopic);
    try {
      await producer.publish(copied ?? encodeWithoutContent(entry, why, eventsTopic));
    } catch (error) {
      if (!copied || errorCode(error) !== 'EVENT_TOO_LARGE') throw error;
      await producer.publish(encodeWithoutContent(entry, why, eventsTopic));
    }
  }

  async read({ id, place }: Pick<SetAside, 'id' | 'place'>): Promise<LogEntry | 'omitted' | null> {
    const message = await this.parts.reader.read(place.partition, place.offset);
    const content = message && letterContent(message, id);
    return content === 'omitted' ? ((await this.original(id)) ?? content) : content;
  }

  /** The record itself, for as long as the log keeps it. */
  private async original(id: string): Promise<LogEntry | null> {
    const { reader, epoch } = this.parts.events;
    const position = parseTriggerInstanceId(id);
    if (!position || position.epoch !== (await epoch.current())) return null;
    const message = await reader.read(position.partition, position.offset);
    return message && decodeEntry(message, position);
  }

  async *all(): AsyncIterable<SetAside> {
    const { topic, admin } = this.parts;
    // Messages that are no letters count as well: a scan ends with the last one.
    const feed = this.feedOf((message, partition) => ({
      place: { partition, offset: Number(message.offset) },
      letter: decodeLetter(message, partition),
    }));
    for await (const { letter } of scan({ feed, admin, topic, placeOf: ({ place }) => place })) {
      if (letter) yield letter;
    }
  }

  feed(): Feed<SetAside> {
    return this.feedOf(decodeLetter);
  }

  private feedOf<T>(decode: (message: KafkaMessage, partition: number) => T | null): Feed<T> {
    const { kafka, topic, log } = this.parts;
    const opener = () => (partition: number) => Promise.resolve((message: KafkaMessage) => decode(message, partition));
    return new KafkaFeed<T>({ kafka, topic, log, maxBatchBytes: MAX_BATCH_BYTES.dlq, opener });
  }
}
