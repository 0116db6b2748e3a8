import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { EverstormError } from '../../model/errors';
import type { AdminLink } from './admin-link';
import { coalesce } from './coalesce';
import { superviseConsumer } from './consumer-supervisor';
import type { KafkaLog } from './connection';

interface Waiter {
  promise: Promise<KafkaMessage | null>;
  resolve: (message: KafkaMessage | null) => void;
}
interface PartitionReads {
  waiting: Map<number, Waiter>;
  /** Offset the partition was last sought to; null while it is paused. */
  soughtFrom: number | null;
}

const READ_TIMEOUT_MS = 5_000;
/** kafkajs looks for resumed partitions this often when all are paused. */
const POLL_MS = 10;
/** A read wants one record: Kafka then sends little more than the producer's batch it is in. */
const READ_BYTES = 16 * 1024;

/**
 * Reads single records by position with one consumer per process: it has a group of its own with all partitions assigned and paused; a read seeks and resumes one.
 * Joining (3 s) happens in the background after `start`; from then on a read takes milliseconds. Nothing is committed.
 */
export class WarmReader {
  private readonly stopping = new AbortController();
  private readonly partitions = new Map<number, PartitionReads>();
  private readonly ends = new Map<number, number>();
  private consumer: Consumer | null = null;
  private running: Promise<void> | null = null;
  private readonly refreshEnds = coalesce(async () => {
    for (const [partition, { high }] of await this.admin.offsets(this.options.topic)) this.ends.set(partition, high);
  });

  constructor(
    private readonly kafka: Kafka,
    private readonly admin: AdminLink,
    /** `timeoutMs` of a read: default 5,000. */
    private readonly options: { topic: string; log: KafkaLog; timeoutMs?: number },
  ) {}

  /** Begins to join; idempotent. */
  start(): void {
    const { topic, log } = this.options;
    this.running ??= superviseConsumer({
      kafka: this.kafka,
      log,
      topic,
      fromBeginning: true, // an expired offset then leads to the first kept one, which tells that the wanted one is gone
      config: {
        groupId: `${topic}.reader.${randomUUID()}`,
        maxWaitTimeInMs: POLL_MS,
        maxBytesPerPartition: READ_BYTES,
      },
      signal: this.stopping.signal,
      goodbyeMs: 5_000,
      run: () => ({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 4,
        eachBatch: (payload) => this.receive(payload),
      }),
      onJoined: (consumer, partitions) => this.joined(consumer, partitions),
      onTrouble: () => {
        this.consumer = null;
      },
    });
  }

  /** The record at a position; null when the log does not hold it (any more). Throws UNAVAILABLE after the time-out. */
  async read(partition: number, offset: number): Promise<KafkaMessage | null> {
    this.start();
    if (offset >= (this.ends.get(partition) ?? 0)) {
      await this.refreshEnds();
      if (offset >= (this.ends.get(partition) ?? 0)) return null;
    }
    const reads = this.readsOf(partition);
    const waiter = reads.waiting.get(offset) ?? this.await(reads, offset);
    if (reads.soughtFrom === null) this.seek(partition, reads);
    return waiter.promise;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private readsOf(partition: number): PartitionReads {
    let reads = this.partitions.get(partition);
    if (!reads) this.partitions.set(partition, (reads = { waiting: new Map(), soughtFrom: null }));
    return reads;
  }

  private await(reads: PartitionReads, offset: number): Waiter {
    let resolve: Waiter['resolve'] = () => undefined;
    let reject: (error: Error) => void = () => undefined;
    const answer = new Promise<KafkaMessage | null>((yes, no) => ([resolve, reject] = [yes, no]));
    const timer = setTimeout(() => {
      reads.waiting.delete(offset);
      reads.soughtFrom = null; // so that the next read seeks again
      reject(new EverstormError('UNAVAILABLE', 'Kafka: the record was not read in time'));
    }, this.options.timeoutMs ?? READ_TIMEOUT_MS);
    const promise = answer.finally(() => clearTimeout(timer));
    const waiter = { promise, resolve };
    reads.waiting.set(offset, waiter);
    return waiter;
  }

  private joined(consumer: Consumer, partitions: number[]): void {
    const { topic } = this.options;
    this.consumer = consumer;
    if (partitions.length > 0) consumer.pause([{ topic, partitions }]);
    for (const [partition, reads] of this.partitions) {
      reads.soughtFrom = null;
      if (reads.waiting.size > 0) this.seek(partition, reads);
    }
  }

  private seek(partition: number, reads: PartitionReads): void {
    if (!this.consumer) return; // `joined` does it
    const { topic } = this.options;
    reads.soughtFrom = Math.min(...reads.waiting.keys());
    this.consumer.seek({ topic, partition, offset: String(reads.soughtFrom) });
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  private async receive(payload: EachBatchPayload): Promise<void> {
    const { partition, messages, highWatermark } = payload.batch;
    const reads = this.readsOf(partition);
    this.ends.set(partition, Number(highWatermark));
    this.answer(reads, messages);
    reads.soughtFrom = null;
    if (reads.waiting.size > 0) this.seek(partition, reads);
    else payload.pause();
    await payload.heartbeat();
  }

  private answer(reads: PartitionReads, messages: readonly KafkaMessage[]): void {
    const byOffset = new Map(messages.map((message) => [Number(message.offset), message]));
    const from = reads.soughtFrom ?? Infinity;
    const last = Number(messages.at(-1)?.offset ?? -1);
    for (const [offset, waiter] of reads.waiting) {
      const message = byOffset.get(offset);
      // Between where the fetch began and its last record, what is not there is not in the log.
      if (!message && (offset < from || offset > last)) continue;
      reads.waiting.delete(offset);
      waiter.resolve(message ?? null);
    }
  }
}
