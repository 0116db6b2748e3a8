import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Consumer, Kafka } from 'kafkajs';
import { connectKafka } from '../../src/adapters/kafka/connection';
import { createKafka } from '../../src/adapters/kafka/create-kafka';
import type { KafkaParts } from '../../src/adapters/kafka/create-kafka';
import { encodeEvent } from '../../src/adapters/kafka/event-codec';
import { createStore } from '../../src/adapters/postgres/create-store';
import type { Store } from '../../src/ports/store';
import { createDefinitionCache } from '../../src/services/definition-cache';
import { createRuleService } from '../../src/services/rule-service';
import { problemWithoutValues } from '../../src/services/schema-validation';
import { median, medianRatio, rotated, rounded } from '../lib/statistics';
import { openWorkshop } from '../lib/workshop';
import { rulesOf, strangersOf, TRIGGER_TYPE } from './workload';

const RULES = 1_000;
const SEND = 2_000;
const TOPIC_PREFIX = 'bench';

export interface ConsumerMeasuring {
  rounds: number;
  /** Events in the topic, all of which each side reads in each round. */
  events: number;
  say: (line: string) => void;
}

/** Events a second from a Kafka topic, and ours over the bare consumer's: the median of the rounds' ratios. */
export interface ConsumerResult {
  consumer_ratio: number;
  consumer_events_per_s: number;
  bare_consumer_events_per_s: number;
}

/**
 * One topic read by turns: by the rule service as it runs in production (feed, decoding, payload schemas, 1,000 mixed rules none of which matches,
 * statuses in Postgres, offsets) and by a bare kafkajs consumer that parses each value as JSON. Every reading is a new group's; the clock runs from
 * the first batch to the last event, so that joining the group is not in it. Throws SetupError.
 */
export async function measureConsumer({ rounds, events, say }: ConsumerMeasuring): Promise<ConsumerResult> {
  const workshop = await openWorkshop();
  try {
    const servers = await workshop.startServers(['kafka', 'postgres']);
    const store = await createStore({ databaseUrl: servers.databaseUrl });
    const connection = { brokers: [servers.kafka], clientId: 'bench', log: () => undefined };
    const parts = createKafka({ ...connection, topicPrefix: TOPIC_PREFIX, platform: store.platform });
    const kafka = connectKafka(connection);
    try {
      await store.migrate();
      await parts.ensureTopics();
      await define(store);
      await publish(kafka, parts.topics.events, events);
      const sides = {
        ours: () => ourReading(parts, store, events),
        bare: () => bareReading(kafka, parts.topics.events, events),
      };
      const rates: Record<keyof typeof sides, number[]> = { ours: [], bare: [] };
      for (let round = 0; round <= rounds; round += 1) {
        for (const side of rotated(['bare', 'ours'] as const, round)) {
          const rate = await sides[side]();
          say(`consumer: round ${round} of ${rounds}, ${side} ${Math.round(rate)}/s`);
          // Round 0 warms both up.
          if (round > 0) rates[side].push(rate);
        }
      }
      return {
        consumer_ratio: rounded(medianRatio(rates.ours, rates.bare)),
        consumer_events_per_s: Math.round(median(rates.ours)),
        bare_consumer_events_per_s: Math.round(median(rates.bare)),
      };
    } finally {
      await parts.close();
      await store.close();
    }
  } finally {
    await workshop.close();
  }
}

async function define({ definitions }: Store): Promise<void> {
  await definitions.put('trigger_type', TRIGGER_TYPE, 'api');
  for (const rule of rulesOf('mixed', RULES)) await definitions.put('rule', rule, 'api');
}

async function publish(kafka: Kafka, topic: string, count: number): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const events = strangersOf(count);
  for (let from = 0; from < count; from += SEND)
    await producer.send({ topic, messages: events.slice(from, from + SEND).map((event) => encodeEvent(event)) });
  await producer.disconnect();
}

/** Counts what was read; resolves with the events a second once all were. */
function readingOf(count: number): { begun(): void; read(events: number): void; rate: Promise<number> } {
  let began: number | undefined;
  let left = count;
  let resolve: (rate: number) => void;
  const rate = new Promise<number>((settle) => (resolve = settle));
  return {
    begun: () => void (began ??= performance.now()),
    read: (events) => {
      left -= events;
      if (left <= 0) resolve((count / (performance.now() - (began ?? 0))) * 1_000);
    },
    rate,
  };
}

async function ourReading({ eventLog, deadLetters }: KafkaParts, store: Store, count: number): Promise<number> {
  const reading = readingOf(count);
  const fail = (): never => {
    throw new Error('no event of this benchmark matches a rule or is malformed');
  };
  const service = createRuleService({
    feed: eventLog.feed(),
    deadLetters: { ...deadLetters, setAside: fail },
    executions: { start: fail },
    store,
    definitions: createDefinitionCache({ definitions: store.definitions }),
    validatePayload: problemWithoutValues,
    runnerType: () => undefined,
    group: `ours-${randomUUID()}`,
    log: { info: () => undefined, warn: (_, message) => console.error(message) },
    now: Date.now,
    debug: (point) => Promise.resolve(point === 'after-consume' ? reading.begun() : undefined),
    metrics: {
      events: (events) => reading.read(events),
      deadLettered: () => undefined,
      enforcement: () => undefined,
      startedWithin: () => undefined,
    },
  });
  await service.start();
  const rate = await reading.rate;
  await service.stop();
  return rate;
}

async function bareReading(kafka: Kafka, topic: string, count: number): Promise<number> {
  const reading = readingOf(count);
  const consumer: Consumer = kafka.consumer({ groupId: `bare-${randomUUID()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachBatch: ({ batch }) => {
      reading.begun();
      for (const { value } of batch.messages) if (value) JSON.parse(value.toString());
      reading.read(batch.messages.length);
      return Promise.resolve();
    },
  });
  const rate = await reading.rate;
  await consumer.disconnect();
  return rate;
}
