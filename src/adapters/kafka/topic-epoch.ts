import { randomInt } from 'node:crypto';
import type { PlatformState } from '../../ports/store';
import type { AdminLink } from './admin-link';

const REFRESH_MS = 30_000;

/** A fresh 32-bit epoch. */
export const drawEpoch = (): number => randomInt(0, 2 ** 32);

/**
 * Epoch of one topic: tells the offsets of a recreated topic from those of its predecessor.
 * Read again every 30 s, so that processes converge when another one noticed the recreation first.
 */
export class TopicEpoch {
  private known: { epoch: number; readAt: number } | null = null;
  private reading: Promise<number> | null = null;

  constructor(
    private readonly platform: PlatformState,
    private readonly topic: string,
    private readonly admin: AdminLink,
  ) {}

  /** Throws what the store throws (UNAVAILABLE) when it was never read; an epoch once known survives an outage of the store. */
  async current(): Promise<number> {
    if (!this.known) return this.reread();
    if (Date.now() - this.known.readAt > REFRESH_MS) {
      this.known.readAt = Date.now();
      void this.reread().catch(() => undefined); // the known epoch stands until the store answers
    }
    return this.known.epoch;
  }

  /** To be called by whoever just created the topic. */
  async renew(): Promise<void> {
    this.known = { epoch: await this.platform.renewTopicEpoch(this.topic, drawEpoch), readAt: Date.now() };
  }

  /** A watcher for one consumer or producer: offsets it sees in order. One each, since two of them see the log's end at different times. */
  watcher(): OffsetWatcher {
    return new OffsetWatcher((seen) => this.verify(seen));
  }

  /** Asks Kafka whether the log really became shorter than `seen`; a lagging answer is no recreation. True when a new epoch holds now. */
  private async verify(seen: ReadonlyMap<number, number>): Promise<boolean> {
    const ends = await this.admin.offsets(this.topic);
    const shrunk = [...seen].some(([partition, end]) => (ends.get(partition)?.high ?? 0) < end);
    if (!shrunk) return false;
    const before = this.known?.epoch;
    if ((await this.reread()) === before) await this.renew(); // else another process was first
    return true;
  }

  private reread(): Promise<number> {
    this.reading ??= this.platform
      .topicEpoch(this.topic, drawEpoch)
      .then((epoch) => {
        this.known = { epoch, readAt: Date.now() };
        return epoch;
      })
      .finally(() => {
        this.reading = null;
      });
    return this.reading;
  }
}

/** Remembers the end offset of each partition and raises the alarm when one goes back. */
export class OffsetWatcher {
  private readonly ends = new Map<number, number>();
  constructor(private readonly verify: (seen: ReadonlyMap<number, number>) => Promise<boolean>) {}

  async saw(partition: number, end: number): Promise<void> {
    if (end < (this.ends.get(partition) ?? 0)) {
      if (!(await this.verify(this.ends))) return;
      this.ends.clear();
    }
    this.ends.set(partition, end);
  }
}
