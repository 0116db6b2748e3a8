import type { Kafka } from 'kafkajs';
import { kafkaErrorType, unavailable } from './connection';
import { pauseFor } from '../../model/pause';
import { backOffMs } from './back-off';

export interface TopicNames {
  /** The log of events. */
  events: string;
  /** Records set aside, with the reason. */
  dlq: string;
  /** Changes of executions' states. */
  audit: string;
  /** Output of running actions. */
  output: string;
}

export function topicNames(prefix = 'everstorm'): TopicNames {
  return {
    events: `${prefix}.events`,
    dlq: `${prefix}.events.dlq`,
    audit: `${prefix}.audit`,
    output: `${prefix}.output`,
  };
}

export interface TopicOptions {
  /** Default 4. */
  partitions?: number;
  /** Default 1. */
  replication?: number;
}

const MIB = 1024 * 1024;
/**
 * Largest batch of records of each topic, bytes. A set-aside record grows by its reason headers and an audit record carries a whole result, so
 * both get more room than an event.
 */
export const MAX_BATCH_BYTES = {
  events: MIB + 64 * 1024,
  dlq: 2 * MIB,
  audit: 8 * MIB,
  output: MIB + 64 * 1024,
} as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ATTEMPTS = 10;

function wanted(names: TopicNames) {
  return [
    { topic: names.events, retentionMs: 30 * DAY_MS, maxBytes: MAX_BATCH_BYTES.events },
    { topic: names.dlq, retentionMs: 90 * DAY_MS, maxBytes: MAX_BATCH_BYTES.dlq },
    { topic: names.audit, retentionMs: 30 * DAY_MS, maxBytes: MAX_BATCH_BYTES.audit },
    { topic: names.output, retentionMs: HOUR_MS, maxBytes: MAX_BATCH_BYTES.output },
  ];
}

/**
 * Creates the topics that are missing and returns the names of those this call created. Topics that exist are left alone, partitions and settings both.
 * Throws UNAVAILABLE when Kafka does not settle within ten attempts (a broker that has just started answers with coordinator and leader errors).
 */
export async function ensureTopics(kafka: Kafka, names: TopicNames, options: TopicOptions = {}): Promise<string[]> {
  const created = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const existing = new Set(await admin.listTopics());
      for (const { topic, retentionMs, maxBytes } of wanted(names)) {
        if (existing.has(topic)) continue;
        const isNew = await admin.createTopics({
          waitForLeaders: true,
          timeout: 10_000,
          topics: [
            {
              topic,
              numPartitions: options.partitions ?? 4,
              replicationFactor: options.replication ?? 1,
              configEntries: [
                { name: 'retention.ms', value: String(retentionMs) },
                { name: 'max.message.bytes', value: String(maxBytes) },
              ],
            },
          ],
        });
        if (isNew) created.add(topic);
      }
      return [...created];
    } catch (error) {
      if (attempt >= ATTEMPTS || kafkaErrorType(error) === 'INVALID_REPLICATION_FACTOR') {
        throw unavailable('creating topics', error);
      }
      await pauseFor(Math.min(2_000, backOffMs(attempt)), new AbortController().signal);
    } finally {
      await admin.disconnect().catch(() => undefined); // nothing depends on a clean goodbye
    }
  }
}
