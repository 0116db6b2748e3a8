import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createKafka } from '../../src/adapters/kafka/create-kafka';
import { createStore } from '../../src/adapters/postgres/create-store';
import type { ExecutionInput } from '../../src/model/execution';
import { RUNNER_TYPES } from '../../src/model/runner-types';
import { createDefinitionCache } from '../../src/services/definition-cache';
import { createRuleService } from '../../src/services/rule-service';
import { problemWithoutValues } from '../../src/services/schema-validation';
import type { ServerAddresses } from '../lib/workshop';
import { SENT_AT } from './producer';
import type { SegmentOrder } from './producer';
import { GOOD_RULE, NOOP, TRIGGER_TYPE, rules } from './workload';

/** A segment whose events do not all arrive has failed. */
const ARRIVES_WITHIN_MS = 60_000;

/** The rule service on Kafka and Postgres. Temporal's place is taken by one that answers at once: its own times would hide what is measured. */
export interface RuleStream {
  /** Sends a segment, and poison beside it; resolves with the times from sending to starting of its good events, milliseconds. */
  segment(good: Omit<SegmentOrder, 'kinds'>, poison: Omit<SegmentOrder, 'name'> | null): Promise<number[]>;
  close(): Promise<void>;
}

const now = (): number => performance.timeOrigin + performance.now();

export async function openStream({ kafka: broker, databaseUrl }: ServerAddresses): Promise<RuleStream> {
  const store = await createStore({ databaseUrl });
  await store.migrate();
  const { definitions } = store;
  for (const rule of rules()) await definitions.put('rule', rule, 'api');
  await definitions.put('action', NOOP, 'api');
  await definitions.put('trigger_type', TRIGGER_TYPE, 'api');
  const log = (): void => undefined;
  const kafka = createKafka({ brokers: [broker], clientId: 'bench', platform: store.platform, log });
  await kafka.ensureTopics();
  const sentAt = new Map<string, number>();
  let samples: number[] = [];
  const start = ({ context }: ExecutionInput): Promise<{ kind: 'started'; runId: string }> => {
    const sent = sentAt.get(context.trigger_instance?.id ?? '');
    if (context.rule?.ref === GOOD_RULE && sent !== undefined) samples.push(now() - sent);
    return Promise.resolve({ kind: 'started', runId: '' });
  };
  const feed = kafka.eventLog.feed();
  const service = createRuleService({
    feed: {
      start: (options) =>
        feed.start({
          ...options,
          handler: async (batch) => {
            const events = batch.entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
            for (const { instanceId, payload } of events) sentAt.set(instanceId, Number(payload[SENT_AT]));
            await options.handler(batch);
            for (const { instanceId } of events) sentAt.delete(instanceId);
          },
        }),
    },
    deadLetters: kafka.deadLetters,
    executions: { start },
    store,
    definitions: createDefinitionCache({ definitions }),
    validatePayload: problemWithoutValues,
    runnerType: (name) => RUNNER_TYPES.get(name)?.type,
    log: { info: log, warn: (fields, message) => console.error(message, JSON.stringify(fields)) },
    now: Date.now,
  });
  await service.start();
  const workerData = { broker, topic: kafka.topics.events };
  const [good, bad] = [0, 1].map(() => new Worker(join(__dirname, 'producer.js'), { workerData })) as [Worker, Worker];
  await Promise.all([good, bad].map((worker) => once(worker, 'message')));
  const send = async (worker: Worker, order: SegmentOrder): Promise<void> => {
    worker.postMessage(order);
    await once(worker, 'message');
  };
  return {
    segment: async (order, poison) => {
      samples = [];
      await Promise.all([
        send(good, { ...order, kinds: [] }),
        ...(poison ? [send(bad, { ...poison, name: `${order.name}-poison` })] : []),
      ]);
      for (const end = Date.now() + ARRIVES_WITHIN_MS; samples.length < order.count; await delay(20)) {
        if (Date.now() > end) throw new Error(`${samples.length} of ${order.count} events arrived`);
      }
      return samples;
    },
    close: async () => {
      for (const worker of [good, bad]) {
        worker.postMessage('end');
        await once(worker, 'exit');
      }
      await service.stop();
      await kafka.close();
      await store.close();
    },
  };
}
