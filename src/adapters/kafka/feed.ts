import type { EachBatchPayload, Kafka } from 'kafkajs';
import { messageOf } from '../../model/errors';
import type { Feed, FeedOptions, FeedState, RunningFeed } from '../../ports/feed';
import { backOffMs } from './back-off';
import { sharedCommit } from './shared-commit';
import { toChunk } from './chunk';
import type { DecodeRecord } from './chunk';
import { deliverChunk } from './chunk-delivery';
import type { KafkaLog } from './connection';
import { superviseConsumer } from './consumer-supervisor';

export interface FeedSettings<T> {
  kafka: Kafka;
  topic: string;
  log: KafkaLog;
  /**
   * What the topic takes as one batch of records, bytes. Kafka leaves a partition out of an answer when its next batch is larger than what is
   * asked for of a partition and others have records too: with less, one large record holds its partition up for as long as they do.
   */
  maxBatchBytes: number;
  /** Called once per run of a consumer; what it returns is called before each fetched batch, in order per partition. */
  opener: () => (partition: number, highWatermark: number) => Promise<DecodeRecord<T>>;
  /** How long `stop()` and a revocation wait for a handler, ms. Default 5000, so that a rebalance (15 s) never waits for it. */
  stopTimeoutMs?: number;
}

const DEFAULT_BATCH = 250;
const DEFAULT_STOP_MS = 5_000;
/** Of one fetch, per partition: what surrounds a fetch (waiting, commits) costs more than reading, so few large ones are better. */
const FETCH_BYTES = 2_500_000;
/** After so long the rest of a fetched batch is left to the next fetch: until then no partition gets anything new. */
const LONGEST_BATCH_MS = 5_000;
/** A feed that gathers does not wait for more than this. */
const GATHERED_BYTES = 256 * 1024;
/** Partitions handled at once by one member; a partition that waits is paused and takes no place. */
const CONCURRENT_PARTITIONS = 16;

/** A topic as a {@link Feed}: see the guarantees there. */
export class KafkaFeed<T> implements Feed<T> {
  constructor(private readonly settings: FeedSettings<T>) {}

  /** Resolves when the member has joined its group for the first time, or failed to once (it goes on trying). */
  async start(options: FeedOptions<T>): Promise<RunningFeed> {
    const run = new FeedRun(this.settings, options);
    await run.settled;
    return run;
  }
}

class FeedRun<T> implements RunningFeed {
  readonly settled: Promise<void>;
  private current: FeedState = { kind: 'retrying', reason: 'joining the group', attempt: 0 };
  private readonly stopping = new AbortController();
  /** Failed attempts in a row, per partition. */
  private readonly attempts = new Map<number, number>();
  private readonly resumes = new Set<NodeJS.Timeout>();
  private readonly graceMs: number;
  private readonly finished: Promise<void>;

  constructor(
    private readonly settings: FeedSettings<T>,
    private readonly options: FeedOptions<T>,
  ) {
    this.graceMs = settings.stopTimeoutMs ?? DEFAULT_STOP_MS;
    let settle: () => void = () => undefined;
    this.settled = new Promise((resolve) => (settle = resolve));
    this.finished = superviseConsumer({
      kafka: settings.kafka,
      log: settings.log,
      topic: settings.topic,
      fromBeginning: options.from === 'earliest',
      config: {
        groupId: options.group,
        maxBytesPerPartition: Math.max(FETCH_BYTES, settings.maxBatchBytes),
        ...(options.gatherMs !== undefined && { maxWaitTimeInMs: options.gatherMs, minBytes: GATHERED_BYTES }),
      },
      signal: this.stopping.signal,
      goodbyeMs: this.graceMs + 10_000,
      run: () => {
        const open = settings.opener();
        const commit = sharedCommit();
        return {
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
          eachBatch: (payload) => this.handle(payload, open, () => commit(payload)),
        };
      },
      onJoined: () => {
        this.attempts.clear();
        this.enter({ kind: 'running' });
        settle();
      },
      onTrouble: (reason, attempt) => {
        this.enter({ kind: 'retrying', reason, attempt });
        settle();
      },
    }).finally(settle);
  }

  state(): FeedState {
    return this.current;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.resumes) clearTimeout(timer);
    await this.finished;
    this.enter({ kind: 'stopped' });
  }

  private async handle(
    payload: EachBatchPayload,
    open: ReturnType<FeedSettings<T>['opener']>,
    commit: () => Promise<void>,
  ): Promise<void> {
    const { partition, messages, highWatermark } = payload.batch;
    let decode: DecodeRecord<T>;
    try {
      decode = await open(partition, Number(highWatermark));
    } catch (error) {
      return this.backOff(payload, error);
    }
    const size = this.options.maxBatch ?? DEFAULT_BATCH;
    const began = Date.now();
    for (let from = 0; from < messages.length; from += size) {
      if (this.stopping.signal.aborted || !payload.isRunning() || payload.isStale()) return;
      const chunk = toChunk(messages.slice(from, from + size), decode);
      const outcome = await deliverChunk(payload, chunk, {
        handler: this.options.handler,
        stopping: this.stopping.signal,
        graceMs: this.graceMs,
        commit,
      });
      await commit();
      if (outcome.kind === 'failed') return this.backOff(payload, outcome.error);
      if (outcome.kind === 'partly') return;
      this.recovered(partition);
      await payload.heartbeat();
      if (Date.now() - began >= LONGEST_BATCH_MS) return;
    }
  }

  /**
   * Nothing behind the last done entry was resolved, so the next fetch begins with the first one not done. The partition is paused instead of
   * waiting here: kafkajs fetches no other partition while one is being handled, and its idle loop keeps the heartbeats going.
   */
  private backOff(payload: EachBatchPayload, error: unknown): void {
    const { topic, partition } = payload.batch;
    const attempt = (this.attempts.get(partition) ?? 0) + 1;
    this.attempts.set(partition, attempt);
    const reason = messageOf(error);
    this.settings.log('warn', 'handler failed, partition waits', { topic, partition, attempt, error: reason });
    this.enter({ kind: 'retrying', reason, attempt });
    if (this.stopping.signal.aborted) return;
    const resume = payload.pause();
    const timer = setTimeout(() => {
      this.resumes.delete(timer);
      resume();
    }, backOffMs(attempt));
    this.resumes.add(timer);
  }

  private recovered(partition: number): void {
    if (this.attempts.delete(partition) && this.attempts.size === 0) this.enter({ kind: 'running' });
  }

  private enter(state: FeedState): void {
    this.current = state;
    this.options.onState?.(state);
  }
}
