import { setTimeout as pause } from 'node:timers/promises';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { AUDIT_EVENT_TYPE } from '../../model/audit';
import type { AuditRecord } from '../../model/audit';
import type { JsonObject } from '../../model/json';
import { isExecutionStatus } from '../../model/statuses';
import type { AuditLog } from '../../ports/audit-log';
import type { Feed } from '../../ports/feed';
import type { AdminLink } from './admin-link';
import { decodeCloudEvent, encodeCloudEvent } from './cloud-event-codec';
import type { EncodedRecord, RawRecord } from './cloud-event-codec';
import type { KafkaLog } from './connection';
import type { EventProducer } from './event-producer';
import { KafkaFeed } from './feed';
import { MAX_BATCH_BYTES } from './topics';

export function encodeAudit(record: AuditRecord): EncodedRecord {
  const event = {
    id: record.id,
    source: `/everstorm/workflow/${record.workflowId}`,
    type: AUDIT_EVENT_TYPE,
    time: record.at,
    subject: record.executionId,
    partitionKey: record.executionId,
    data: record as unknown as JsonObject, // a record is JSON by its definition; `context` alone is typed open
  };
  return encodeCloudEvent(event, record.executionId);
}

const LOOK_EVERY_MS = 100;
const TEXT_FIELDS = ['id', 'executionId', 'workflowId', 'runId', 'at', 'actionRef'] as const;

/** Null when the record is no audit record of ours. */
export function decodeAudit(record: RawRecord): AuditRecord | null {
  const decoded = decodeCloudEvent(record);
  if (!decoded.ok || decoded.event.type !== AUDIT_EVENT_TYPE) return null;
  const data = decoded.event.data;
  const complete = TEXT_FIELDS.every((field) => Object.hasOwn(data, field) && typeof data[field] === 'string');
  const { sequence, status, context } = data;
  const valid =
    complete &&
    Number.isSafeInteger(sequence) &&
    typeof status === 'string' &&
    isExecutionStatus(status) &&
    typeof context === 'object' &&
    context !== null;
  return valid ? (data as unknown as AuditRecord) : null;
}

/** `everstorm.audit` on Kafka. */
export class KafkaAuditLog implements AuditLog {
  private skippedCount = 0;

  constructor(
    private readonly parts: { kafka: Kafka; topic: string; producer: EventProducer; admin: AdminLink; log: KafkaLog },
  ) {}

  async publish(records: readonly AuditRecord[]): Promise<void> {
    await Promise.all(records.map((record) => this.parts.producer.publish(encodeAudit(record))));
  }

  feed(): Feed<AuditRecord> {
    const { kafka, topic, log } = this.parts;
    return new KafkaFeed<AuditRecord>({
      kafka,
      topic,
      log,
      maxBatchBytes: MAX_BATCH_BYTES.audit,
      opener: () => (partition) => Promise.resolve((message: KafkaMessage) => this.decode(partition, message)),
    });
  }

  async caughtUp(group: string, withinMs: number): Promise<boolean> {
    const { admin, topic } = this.parts;
    const giveUpAt = Date.now() + withinMs;
    const ends = [...(await admin.offsets(topic))].filter(([, { low, high }]) => high > low);
    for (;;) {
      const done = await admin.committed(topic, group);
      if (ends.every(([partition, { high }]) => (done.get(partition) ?? 0) >= high)) return true;
      if (Date.now() > giveUpAt) return false;
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Malformed records that feeds of this process passed over. */
  skipped(): number {
    return this.skippedCount;
  }

  private decode(partition: number, message: KafkaMessage): AuditRecord | null {
    const record = decodeAudit(message);
    if (record === null) {
      this.skippedCount++;
      const { topic, log } = this.parts;
      log('warn', 'malformed audit record skipped', { topic, partition, offset: message.offset });
    }
    return record;
  }
}
