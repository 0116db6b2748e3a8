import { EverstormError } from '../../model/errors';
import type { EventLog, DeadLetters } from '../../ports/event-log';
import type { HealthCheck } from '../../ports/health';
import type { PlatformState } from '../../ports/store';
import { AdminLink } from './admin-link';
import { KafkaAuditLog } from './audit-log';
import { connectKafka } from './connection';
import type { KafkaLog } from './connection';
import { KafkaDeadLetters } from './dead-letters';
import { KafkaEventLog } from './event-log';
import { EventProducer } from './event-producer';
import { RangeReader } from './range-reader';
import { TopicEpoch } from './topic-epoch';
import { ensureTopics, topicNames } from './topics';
import type { TopicNames, TopicOptions } from './topics';
import { WarmReader } from './warm-reader';

export interface KafkaOptions {
  /** `host:port` each. */
  brokers: readonly string[];
  /** Default `everstorm`. */
  topicPrefix?: string;
  clientId: string;
  platform: PlatformState;
  log: KafkaLog;
}

/** Everything of Kafka's that a process needs; connections are made when first used. */
export interface KafkaParts {
  readonly topics: TopicNames;
  readonly eventLog: EventLog;
  readonly deadLetters: DeadLetters;
  readonly auditLog: KafkaAuditLog;
  readonly health: HealthCheck;
  /** Creates what is missing, idempotent; a new events topic gets a new epoch. Throws UNAVAILABLE. */
  ensureTopics(options?: TopicOptions): Promise<void>;
  /** Joins the reader's group in the background, so that the first `eventLog.read` is fast (else it takes 3 s). */
  warmUp(): void;
  /** Sends what waits and disconnects. Feeds are stopped by whoever started them. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
const HEALTH_MS = 1_800;
/** Letters are read now and then, so their reader joins its group with the first of them, which takes 3 s and more. */
const LETTER_READ_MS = 15_000;

export function createKafka(options: KafkaOptions): KafkaParts {
  const { log } = options;
  const kafka = connectKafka(options);
  const topics = topicNames(options.topicPrefix);
  const admin = new AdminLink(kafka);
  const epoch = new TopicEpoch(options.platform, topics.events, admin);
  const reader = new WarmReader(kafka, admin, { topic: topics.events, log });
  const ranges = new RangeReader(kafka, { topic: topics.events, log });
  const eventLog = new KafkaEventLog({ kafka, topic: topics.events, epoch, reader, ranges, admin, log });
  // Events are waited for behind what is set aside.
  const dlqProducer = new EventProducer(kafka, { topic: topics.dlq, maxRecordBytes: 2 * MIB, lingerMs: 0 });
  const dlqReader = new WarmReader(kafka, admin, { topic: topics.dlq, log, timeoutMs: LETTER_READ_MS });
  const auditProducer = new EventProducer(kafka, { topic: topics.audit, maxRecordBytes: 8 * MIB });
  return {
    topics,
    eventLog,
    deadLetters: new KafkaDeadLetters({
      kafka,
      topic: topics.dlq,
      eventsTopic: topics.events,
      producer: dlqProducer,
      reader: dlqReader,
      events: { reader, epoch },
      admin,
      log,
    }),
    auditLog: new KafkaAuditLog({ kafka, topic: topics.audit, producer: auditProducer, admin, log }),
    health: {
      name: 'kafka',
      async check() {
        const existing = await admin.use('listing topics', HEALTH_MS, (link) => link.listTopics());
        const missing = Object.values(topics).filter((topic) => !existing.includes(topic));
        if (missing.length > 0) throw new EverstormError('UNAVAILABLE', `Kafka lacks topics: ${missing.join(', ')}`);
      },
    },
    async ensureTopics(topicOptions) {
      const created = await ensureTopics(kafka, topics, topicOptions);
      if (created.includes(topics.events)) await epoch.renew();
    },
    warmUp: () => reader.start(),
    async close() {
      await Promise.all([
        eventLog.close(),
        dlqProducer.close(),
        auditProducer.close(),
        reader.close(),
        ranges.close(),
        dlqReader.close(),
      ]);
      await admin.close();
    },
  };
}
