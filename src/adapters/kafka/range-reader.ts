import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { EverstormError } from '../../model/errors';
import { superviseConsumer } from './consumer-supervisor';
import type { KafkaLog } from './connection';

/** Records of one fetch and the offset behind them (records that are hidden, as transactions' marks are, included). */
export interface Stretch {
  messages: KafkaMessage[];
  next: number;
}
interface Read {
  offset: number;
  resolve: (stretch: Stretch) => void;
}

const READ_TIMEOUT_MS = 8_000;
const POLL_MS = 10;
const FETCH_BYTES = 1024 * 1024;
/** Nobody reads ranges most of the time: the consumer leaves its group after this long without a read. */
const IDLE_MS = 60_000;

/**
 * Reads stretches of a topic with one consumer per process: a group of its own with all partitions assigned and paused, of which a read seeks and resumes
 * one. Joining (3 s) happens with the first read; from then on a read takes one fetch. Nothing is committed; at most 1 MiB a partition is held.
 */
export class RangeReader {
  private joined: { stopping: AbortController; ended: Promise<void> } | null = null;
  private consumer: Consumer | null = null;
  private idle: NodeJS.Timeout | undefined;
  /** One read after the other in each partition. */
  private readonly reads = new Map<number, Read[]>();

  constructor(
    private readonly kafka: Kafka,
    private readonly options: { topic: string; log: KafkaLog; idleMs?: number },
  ) {}

  /** Records from `offset` on, which the log has to hold. Throws UNAVAILABLE after 8 s. */
  async read(partition: number, offset: number): Promise<Stretch> {
    this.join();
    const queue = this.queueOf(partition);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Stretch>((resolve, reject) => {
        const read = { offset, resolve };
        timer = setTimeout(() => {
          this.finish(partition, read);
          reject(new EverstormError('UNAVAILABLE', 'Kafka: the records were not read in time'));
        }, READ_TIMEOUT_MS);
        if (queue.push(read) === 1) this.seek(partition, offset);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.idle);
    const run = this.joined;
    this.joined = null;
    this.consumer = null;
    run?.stopping.abort();
    await run?.ended;
  }

  private queueOf(partition: number): Read[] {
    let queue = this.reads.get(partition);
    if (!queue) this.reads.set(partition, (queue = []));
    return queue;
  }

  private join(): void {
    clearTimeout(this.idle);
    const { topic, log, idleMs = IDLE_MS } = this.options;
    this.idle = setTimeout(() => void this.close(), idleMs).unref();
    if (this.joined) return;
    const stopping = new AbortController();
    const own = (act: () => void): void => {
      if (this.joined?.stopping === stopping) act();
    };
    const ended = superviseConsumer({
      kafka: this.kafka,
      log,
      topic,
      fromBeginning: true,
      config: {
        groupId: `${topic}.ranges.${randomUUID()}`,
        maxWaitTimeInMs: POLL_MS,
        maxBytesPerPartition: FETCH_BYTES,
      },
      signal: stopping.signal,
      goodbyeMs: 5_000,
      run: (consumer) => {
        this.hearOfHidden(consumer);
        return {
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: 4,
          eachBatch: (payload) => this.receive(payload),
        };
      },
      onJoined: (consumer, partitions) => own(() => this.begin(consumer, partitions)),
      onTrouble: () => own(() => void (this.consumer = null)),
    });
    this.joined = { stopping, ended };
  }

  private begin(consumer: Consumer, partitions: number[]): void {
    this.consumer = consumer;
    if (partitions.length > 0) consumer.pause([{ topic: this.options.topic, partitions }]);
    for (const [partition, [first]] of this.reads) if (first) this.seek(partition, first.offset);
  }

  private seek(partition: number, offset: number): void {
    if (!this.consumer) return; // `begin` does it
    const { topic } = this.options;
    this.consumer.seek({ topic, partition, offset: String(offset) });
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  private async receive(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const [first] = this.queueOf(batch.partition);
    // Where the fetch began: one that was under way when a read sought elsewhere is none of its business.
    const { fetchedOffset } = batch as unknown as { fetchedOffset: string };
    if (!first) payload.pause();
    else if (payload.isStale() || Number(fetchedOffset) !== first.offset) this.seek(batch.partition, first.offset);
    else {
      const next = Number(batch.lastOffset()) + 1;
      payload.pause();
      this.finish(batch.partition, first);
      first.resolve({ messages: batch.messages, next });
    }
    await payload.heartbeat();
  }

  /** kafkajs shows no batch of which nothing is for readers (marks and rests of transactions), and tells of it only by this event. */
  private hearOfHidden(consumer: Consumer): void {
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize > 0 || consumer !== this.consumer) return;
      const [first] = this.queueOf(payload.partition);
      const [from, last] = [Number(payload.firstOffset), Number(payload.lastOffset)];
      if (!first || from > first.offset || last < first.offset) return;
      consumer.pause([{ topic: this.options.topic, partitions: [payload.partition] }]);
      this.finish(payload.partition, first);
      first.resolve({ messages: [], next: last + 1 });
    });
  }

  /** Takes a read off its queue; the next one begins. */
  private finish(partition: number, read: Read): void {
    const queue = this.queueOf(partition);
    const place = queue.indexOf(read);
    if (place >= 0) queue.splice(place, 1);
    const [next] = queue;
    if (place === 0 && next) this.seek(partition, next.offset);
  }
}
