import { Partitioners } from 'kafkajs';
import type { Kafka, Message, Producer, RecordMetadata } from 'kafkajs';
import { EverstormError } from '../../model/errors';
import { kafkaErrorType, unavailable, within } from './connection';

/** What is published: bytes, with a key that chooses the partition as the Java client would (murmur2). */
export interface OutgoingRecord {
  key: Buffer | string | null;
  value: Buffer | null;
  headers: Record<string, Buffer | string>;
}
export interface Place {
  partition: number;
  offset: number;
}

export interface ProducerOptions {
  topic: string;
  /** Bytes; a larger record is refused with EVENT_TOO_LARGE. */
  maxRecordBytes: number;
  /** How long publishes are collected for one send, ms; default 5. */
  lingerMs?: number;
  /** Called with the end offset of a partition after each acknowledgement, in order, before the publishes resolve. */
  onEnd?: (partition: number, end: number) => Promise<void>;
}

interface Pending {
  message: Message;
  bytes: number;
  resolve: (place: Place) => void;
  reject: (error: EverstormError) => void;
}

const LINGER_MS = 5;
const SEND_RECORDS = 500;
const SEND_BYTES = 1_000_000;
const SEND_TIMEOUT_MS = 10_000;
const QUEUE_RECORDS = 20_000;
/** Room for the record's and batch's own fields. */
const RECORD_OVERHEAD = 100;
const HEADER_OVERHEAD = 8;

/** Upper bound of a record's size in the log, in bytes. */
export function recordBytes(record: OutgoingRecord): number {
  const size = (part: Buffer | string | null) => (part === null ? 0 : Buffer.byteLength(part));
  const headers = Object.entries(record.headers).map(([name, value]) => size(name) + size(value) + HEADER_OVERHEAD);
  return headers.reduce((sum, bytes) => sum + bytes, RECORD_OVERHEAD + size(record.key) + size(record.value));
}

/**
 * Idempotent producer of one topic (acks=all). Publishes are collected for up to 5 ms (or as told), 500 records or 1 MB and go as one send; while a send is under way
 * the next one collects. (kafkajs sends serially when idempotent, so batching is what gives throughput.)
 * After a failed send everything waiting fails with UNAVAILABLE and the next publish starts with a new producer id.
 */
export class EventProducer {
  private producer: Promise<Producer> | null = null;
  private queue: Pending[] = [];
  private queuedBytes = 0;
  private timer: NodeJS.Timeout | null = null;
  private sending: Promise<void> | null = null;
  private closed = false;
  /** Partition that kafkajs' partitioner chose for a message: with the base offset of the send it gives the message's offset. */
  private readonly chosen = new WeakMap<Message, number>();

  constructor(
    private readonly kafka: Kafka,
    private readonly options: ProducerOptions,
  ) {}

  /** Resolves after acknowledgement. Throws EVENT_TOO_LARGE, UNAVAILABLE. */
  publish(record: OutgoingRecord): Promise<Place> {
    const bytes = recordBytes(record);
    if (bytes > this.options.maxRecordBytes) {
      const limit = `${this.options.maxRecordBytes} bytes`;
      return Promise.reject(
        new EverstormError('EVENT_TOO_LARGE', `The encoded record is larger than ${limit}`, { expected: limit }),
      );
    }
    if (this.closed || this.queue.length >= QUEUE_RECORDS) {
      const why = this.closed ? 'the producer is closed' : 'too many records wait to be sent';
      return Promise.reject(new EverstormError('UNAVAILABLE', `Kafka: ${why}`));
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ message: record, bytes, resolve, reject });
      this.queuedBytes += bytes;
      if (this.queue.length >= SEND_RECORDS || this.queuedBytes >= SEND_BYTES) this.kick();
      else this.timer ??= setTimeout(() => this.kick(), this.options.lingerMs ?? LINGER_MS);
    });
  }

  /** Sends what waits, then disconnects. */
  async close(): Promise<void> {
    this.closed = true;
    this.kick();
    await this.sending;
    await this.discard();
  }

  private kick(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.sending ??= this.drain().finally(() => {
      this.sending = null;
    });
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.take();
      try {
        const metadata = await within(SEND_TIMEOUT_MS, `publishing to ${this.options.topic}`, this.send(batch));
        await this.acknowledge(batch, metadata);
      } catch (error) {
        this.fail(batch, error);
        await this.discard();
      }
    }
  }

  private take(): Pending[] {
    let count = 0;
    let bytes = 0;
    for (const { bytes: more } of this.queue) {
      if (count === SEND_RECORDS || (count > 0 && bytes + more > SEND_BYTES)) break;
      count++;
      bytes += more;
    }
    this.queuedBytes -= bytes;
    return this.queue.splice(0, count);
  }

  private async send(batch: readonly Pending[]): Promise<RecordMetadata[]> {
    const producer = await (this.producer ??= this.connect());
    return producer.send({
      topic: this.options.topic,
      acks: -1,
      timeout: 5_000,
      messages: batch.map(({ message }) => message),
    });
  }

  private async connect(): Promise<Producer> {
    const byKey = Partitioners.DefaultPartitioner();
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 8 },
      createPartitioner: () => (args) => {
        const partition = byKey(args);
        this.chosen.set(args.message, partition);
        return partition;
      },
    });
    await producer.connect();
    return producer;
  }

  private async acknowledge(batch: readonly Pending[], metadata: readonly RecordMetadata[]): Promise<void> {
    const next = new Map(metadata.map((row) => [row.partition, Number(row.baseOffset ?? row.offset)]));
    const places = batch.map(({ message }) => {
      const partition = this.chosen.get(message);
      const offset = partition === undefined ? undefined : next.get(partition);
      if (partition === undefined || offset === undefined || !(offset >= 0)) {
        throw new EverstormError('UNAVAILABLE', 'Kafka: the acknowledgement names no offset');
      }
      next.set(partition, offset + 1);
      return { partition, offset };
    });
    for (const [partition, end] of next) await this.options.onEnd?.(partition, end);
    batch.forEach((pending, index) => pending.resolve(places[index] as Place));
  }

  private fail(batch: readonly Pending[], error: unknown): void {
    if (kafkaErrorType(error) === 'MESSAGE_TOO_LARGE') {
      const tooLarge = new EverstormError('EVENT_TOO_LARGE', 'Kafka refused the record for its size');
      const innocent = new EverstormError('UNAVAILABLE', 'Kafka: a record of the same send was refused for its size');
      for (const { reject } of batch) reject(batch.length === 1 ? tooLarge : innocent);
      return;
    }
    const failure = unavailable(`publishing to ${this.options.topic}`, error);
    const waiting = this.queue;
    this.queue = [];
    this.queuedBytes = 0;
    for (const { reject } of [...batch, ...waiting]) reject(failure);
  }

  private async discard(): Promise<void> {
    const producer = this.producer;
    this.producer = null;
    if (producer) {
      const goodbye = producer.then((open) => open.disconnect());
      await within(3_000, 'disconnecting', goodbye).catch(() => undefined); // it is given up anyway
    }
  }
}
