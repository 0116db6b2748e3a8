import type { Consumer, ConsumerConfig, ConsumerRunConfig, Kafka } from 'kafkajs';
import { messageOf } from '../../model/errors';
import { pauseFor } from '../../model/pause';
import { backOffMs } from './back-off';
import { within } from './connection';
import type { KafkaLog } from './connection';

export interface SupervisedConsumer {
  kafka: Kafka;
  log: KafkaLog;
  topic: string;
  fromBeginning: boolean;
  config: ConsumerConfig;
  run: (consumer: Consumer) => ConsumerRunConfig;
  /** The group gave this member its partitions (again). */
  onJoined: (consumer: Consumer, partitions: number[]) => void;
  /** The consumer broke and will be rebuilt. */
  onTrouble: (reason: string, attempt: number) => void;
  /** Aborting it ends the supervision. */
  signal: AbortSignal;
  /** How long a goodbye (with the running batches) may take, ms. */
  goodbyeMs: number;
}

/** Timings of every group of ours: a dead member is noticed within 10 s, an idle poll costs little and adds at most 50 ms. */
export const GROUP_TIMINGS = {
  sessionTimeout: 10_000,
  rebalanceTimeout: 15_000,
  heartbeatInterval: 2_000,
  maxWaitTimeInMs: 50,
} as const;

const CRASH_FOLLOWS_MS = 2_000;

/**
 * Runs a consumer until the signal aborts. kafkajs stops for good after a crash; here its own restart is off and a new consumer is built,
 * with back-off, however often. Resolves after the last one left its group.
 */
export async function superviseConsumer(options: SupervisedConsumer): Promise<void> {
  let attempt = 0;
  while (!options.signal.aborted) {
    try {
      await runOnce(options, () => {
        attempt = 0;
      });
    } catch (error) {
      if (options.signal.aborted) return;
      attempt++;
      const reason = messageOf(error);
      options.log('warn', 'consumer broke, rebuilding it', { topic: options.topic, attempt, error: reason });
      options.onTrouble(reason, attempt);
      await pauseFor(backOffMs(attempt), options.signal);
    }
  }
}

async function runOnce(options: SupervisedConsumer, joined: () => void): Promise<void> {
  const { kafka, topic, signal } = options;
  const consumer = kafka.consumer({
    ...GROUP_TIMINGS,
    allowAutoTopicCreation: false,
    ...options.config,
    retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 5, restartOnFailure: () => Promise.resolve(false) },
  });
  let onAbort = (): void => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    // A crash is announced after the stop it causes; a stop alone, with the announcement lost, must not go unnoticed either.
    consumer.on(consumer.events.STOP, () => {
      setTimeout(() => reject(new Error('the consumer stopped')), CRASH_FOLLOWS_MS).unref();
    });
    onAbort = () => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) resolve();
  });
  ended.catch(() => undefined); // it is awaited below, but may end before that
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    joined();
    options.onJoined(consumer, [...(payload.memberAssignment[topic] ?? [])]);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: options.fromBeginning });
    await consumer.run(options.run(consumer));
    await ended;
  } finally {
    signal.removeEventListener('abort', onAbort);
    await within(options.goodbyeMs, 'leaving the group', consumer.disconnect()).catch((error: unknown) =>
      options.log('warn', 'consumer did not leave its group', { topic, error: messageOf(error) }),
    );
  }
}
