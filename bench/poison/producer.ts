import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { CompressionTypes, Partitioners } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { connectKafka } from '../../src/adapters/kafka/connection';
import type { StreamRecord } from './workload';
import { TRIGGER, goodPayloads, poisonRecords } from './workload';

/** What one segment of the stream is. */
export interface SegmentOrder {
  /** Tells its events from those of other segments. */
  name: string;
  /** Good events. */
  count: number;
  /** Good events a second. */
  rate: number;
  /** After every so many good events a poisonous one; 0: none. */
  every: number;
}

/** Key of the source in the payload's place: when the producer sent it, milliseconds since 1970. */
export const SENT_AT = 'sent_at';
/** Events of one source keep their order; real sources are many. */
const SOURCES = 100;

const now = (): number => performance.timeOrigin + performance.now();

/** A thread of its own: what blocks the rule service must not hold up who sends. */
async function serve({ broker, topic }: { broker: string; topic: string }): Promise<void> {
  const kafka = connectKafka({ brokers: [broker], clientId: 'bench-producer', log: () => undefined });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const payloads = goodPayloads(1_000);
  const poison = poisonRecords();
  const publish = publisher(producer, topic);
  parentPort?.on('message', (order: SegmentOrder | 'end') => {
    if (order === 'end') void producer.disconnect().then(() => parentPort?.close());
    else void stream(order).then(() => parentPort?.postMessage('sent'));
  });
  parentPort?.postMessage('ready');

  async function stream({ name, count, rate, every }: SegmentOrder): Promise<void> {
    const began = performance.now();
    const sends: Promise<unknown>[] = [];
    for (let n = 0; n < count; n += 1) {
      const wait = began + (n * 1_000) / rate - performance.now();
      if (wait > 1) await delay(wait);
      const value = JSON.stringify({ ...payloads[n % payloads.length], [SENT_AT]: now() });
      sends.push(publish(`${name}-${n}`, `/bench/${n % SOURCES}`, { type: TRIGGER, value }));
      if (every > 0 && n % every === every - 1) {
        const record = poison[Math.floor(n / every) % poison.length] as StreamRecord;
        sends.push(publish(`${name}-poison-${n}`, `/bench/${n % SOURCES}`, record));
      }
    }
    await Promise.all(sends);
  }
}

const publisher =
  (producer: Producer, topic: string) =>
  (id: string, source: string, { type, value, gzip }: StreamRecord): Promise<unknown> =>
    producer.send({
      topic,
      acks: -1,
      ...(gzip && { compression: CompressionTypes.GZIP }),
      messages: [
        { key: source, value, headers: { ce_specversion: '1.0', ce_id: id, ce_source: source, ce_type: type } },
      ],
    });

if (parentPort) void serve(workerData as { broker: string; topic: string });
