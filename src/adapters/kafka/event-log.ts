import type { Kafka, KafkaMessage } from 'kafkajs';
import type { LogEntry, LoggedEvent, NewEvent } from '../../model/event';
import { parseTriggerInstanceId, triggerInstanceId } from '../../model/ids';
import type { InstanceRange } from '../../model/ids';
import type { EventLog, LogEnds } from '../../ports/event-log';
import type { Feed } from '../../ports/feed';
import { MAX_EVENT_BYTES, decodeEntry, encodeEvent } from './event-codec';
import type { AdminLink } from './admin-link';
import { EventProducer } from './event-producer';
import { scan } from './scan';
import { KafkaFeed } from './feed';
import type { KafkaLog } from './connection';
import { kafkaLogRanges } from './log-ranges';
import type { RangeReader } from './range-reader';
import { MAX_BATCH_BYTES } from './topics';
import type { TopicEpoch } from './topic-epoch';
import type { WarmReader } from './warm-reader';

export interface EventLogParts {
  kafka: Kafka;
  topic: string;
  epoch: TopicEpoch;
  reader: WarmReader;
  ranges: RangeReader;
  admin: AdminLink;
  log: KafkaLog;
}

/** Whether a record's headers say that it is of a trigger nobody asked for; one that must be read to know is not. */
function isOfAnother({ headers }: KafkaMessage, only: (trigger: string) => boolean): boolean {
  const type = headers?.['ce_type'];
  return Buffer.isBuffer(type) && !only(type.toString());
}

/** `everstorm.events` on Kafka. */
export class KafkaEventLog implements EventLog {
  readonly range: EventLog['range'];
  readonly readSpan: EventLog['readSpan'];
  private readonly producer: EventProducer;

  constructor(private readonly parts: EventLogParts) {
    const { kafka, topic, epoch } = parts;
    const watcher = epoch.watcher();
    ({ range: this.range, readSpan: this.readSpan } = kafkaLogRanges(parts));
    this.producer = new EventProducer(kafka, {
      topic,
      maxRecordBytes: MAX_EVENT_BYTES,
      onEnd: (partition, end) => watcher.saw(partition, end),
    });
  }

  async publish(event: NewEvent): Promise<{ instanceId: string }> {
    const record = encodeEvent(event);
    await this.parts.epoch.current(); // without the epoch the id could not be told: better to refuse than to publish and fail
    const place = await this.producer.publish(record);
    return { instanceId: triggerInstanceId({ epoch: await this.parts.epoch.current(), ...place }) };
  }

  async read(instanceId: string): Promise<LoggedEvent | null> {
    const position = parseTriggerInstanceId(instanceId);
    if (!position || position.epoch !== (await this.parts.epoch.current())) return null;
    const message = await this.parts.reader.read(position.partition, position.offset);
    if (!message) return null;
    const entry = decodeEntry(message, position);
    return entry.kind === 'event' ? entry.event : null;
  }

  async *all(): AsyncIterable<LoggedEvent> {
    const { admin, topic } = this.parts;
    const placeOf = (entry: LogEntry) => (entry.kind === 'event' ? entry.event : entry.record);
    for await (const entry of scan({ feed: this.feed(), admin, topic, placeOf })) {
      if (entry.kind === 'event') yield entry.event;
    }
  }

  async doneBy(group: string): Promise<InstanceRange[]> {
    const { admin, topic } = this.parts;
    const [epoch, committed] = await Promise.all([this.parts.epoch.current(), admin.committed(topic, group)]);
    return [...committed].map(([partition, offset]) => ({
      from: triggerInstanceId({ epoch, partition, offset: 0 }),
      before: triggerInstanceId({ epoch, partition, offset }),
    }));
  }

  async ends(): Promise<LogEnds> {
    const offsets = await this.parts.admin.offsets(this.parts.topic);
    return Object.fromEntries(
      [...offsets].filter(([, { low, high }]) => high > low).map(([partition, { high }]) => [partition, high]),
    );
  }

  async isPast(group: string, ends: LogEnds): Promise<boolean> {
    const committed = await this.parts.admin.committed(this.parts.topic, group);
    return Object.entries(ends).every(([partition, end]) => (committed.get(Number(partition)) ?? 0) >= end);
  }

  async beginAt(group: string, other: string): Promise<void> {
    const { admin, topic } = this.parts;
    if ((await admin.committed(topic, group)).size > 0) return;
    const offsets = await admin.committed(topic, other);
    if (offsets.size > 0) await admin.commitFor(topic, group, offsets);
  }

  feed(only?: (trigger: string) => boolean): Feed<LogEntry> {
    const { kafka, topic, epoch, log } = this.parts;
    return new KafkaFeed<LogEntry>({
      kafka,
      topic,
      log,
      maxBatchBytes: MAX_BATCH_BYTES.events,
      opener: () => {
        const watcher = epoch.watcher();
        return async (partition, highWatermark) => {
          await watcher.saw(partition, highWatermark);
          const current = await epoch.current();
          return (message: KafkaMessage) =>
            only && isOfAnother(message, only)
              ? null
              : decodeEntry(message, { epoch: current, partition, offset: Number(message.offset) });
        };
      },
    });
  }

  /** Sends what waits. */
  async close(): Promise<void> {
    await this.producer.close();
  }
}
