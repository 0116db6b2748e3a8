import type { Kafka, KafkaMessage } from 'kafkajs';
import type { SetAside } from '../../model/dead-letter';
import { errorCode } from '../../model/errors';
import type { LogEntry, LoggedEvent, MalformedRecord } from '../../model/event';
import type { DeadLetter, DeadLetters } from '../../ports/event-log';
import type { Feed } from '../../ports/feed';
import type { AdminLink } from './admin-link';
import type { KafkaLog } from './connection';
import type { EventProducer } from './event-producer';
import { KafkaFeed } from './feed';
import { decodeLetter, encodeLetter, encodeWithoutContent, letterContent } from './letter-codec';
import { scan } from './scan';
import type { WarmReader } from './warm-reader';

export interface DeadLetterParts {
  kafka: Kafka;
  topic: string;
  eventsTopic: string;
  producer: EventProducer;
  reader: WarmReader;
  admin: AdminLink;
  log: KafkaLog;
}

/** `everstorm.events.dlq` on Kafka. */
export class KafkaDeadLetters implements DeadLetters {
  constructor(private readonly parts: DeadLetterParts) {}

  async setAside(entry: LoggedEvent | MalformedRecord, why: DeadLetter): Promise<void> {
    const { producer, eventsTopic } = this.parts;
    try {
      await producer.publish(encodeLetter(entry, why, eventsTopic));
    } catch (error) {
      // What no try can put into the topic must not stop what stands behind it in the log.
      if (errorCode(error) !== 'EVENT_TOO_LARGE') throw error;
      await producer.publish(encodeWithoutContent(entry, why, eventsTopic));
    }
  }

  async read({ id, place }: Pick<SetAside, 'id' | 'place'>): Promise<LogEntry | 'omitted' | null> {
    const message = await this.parts.reader.read(place.partition, place.offset);
    return message && letterContent(message, id);
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
    return new KafkaFeed<T>({ kafka, topic, log, opener });
  }
}
