import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { CompressionTypes, Partitioners } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { connectKafka } from '../../src/adapters/kafka/connection';
import type { Poison, StreamRecord } from './workload';
import { TRIGGER, goodPayloads, poisonRecords } from './workload';

/** What one sender sends in a segment: good events when there are no kinds of poison. */
export interface SegmentOrder {
  /** Tells its events from those of other segments. */
  name: string;
  count: number;
  /** A second. */
  rate: number;
  /** Kinds of poison, one after the other. */
  kinds: readonly Poison[];
}

/** Key in a good event's payload: when it was sent, milliseconds since 1970. */
export const SENT_AT = 'sent_at';
/** Events of one source keep their order; real sources are many. */
const SOURCES = 100;

const now = (): number => performance.timeOrigin + performance.now();

/** A thread of its own: what blocks the rule service must not hold up who sends, and poison not who sends good events. */
async function serve({ broker, topic }: { broker: string; topic: string }): Promise<void> {
  const kafka = connectKafka({ brokers: [broker], clientId: 'bench-producer', log: () => undefined });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const payloads = goodPayloads(1_000);
  const poison = poisonRecords();
  const recordOf = (n: number, kinds: readonly Poison[]): StreamRecord => {
    const bad = poison.get(kinds[n % kinds.length] as Poison);
    return bad ?? { type: TRIGGER, value: JSON.stringify({ ...payloads[n % payloads.length], [SENT_AT]: now() }) };
  };
  parentPort?.on('message', (order: SegmentOrder | 'end') => {
    if (order === 'end') void producer.disconnect().then(() => parentPort?.close());
    else void stream(order).then(() => parentPort?.postMessage('sent'));
  });
  parentPort?.postMessage('ready');

  async function stream({ name, count, rate, kinds }: SegmentOrder): Promise<void> {
    const began = performance.now();
    const sends: Promise<unknown>[] = [];
    for (let n = 0; n < count; n += 1) {
      const wait = began + ((n + 0.5) * 1_000) / rate - performance.now();
      if (wait > 1) await delay(wait);
      sends.push(
        send(producer, topic, { id: `${name}-${n}`, source: `/bench/${n % SOURCES}`, record: recordOf(n, kinds) }),
      );
    }
    await Promise.all(sends);
  }
}

function send(
  producer: Producer,
  topic: string,
  { id, source, record: { type, value, gzip } }: { id: string; source: string; record: StreamRecord },
): Promise<unknown> {
  const headers = { ce_specversion: '1.0', ce_id: id, ce_source: source, ce_type: type };
  return producer.send({
    ...{ topic, acks: -1, messages: [{ key: source, value, headers }] },
    ...(gzip && { compression: CompressionTypes.GZIP }),
  });
}

if (parentPort) void serve(workerData as { broker: string; topic: string });
