import type { Admin, Kafka } from 'kafkajs';
import { pauseFor } from '../../model/pause';
import { backOffMs } from './back-off';
import { isRetriable, unavailable, within } from './connection';

/** kafkajs joins the group for it, which takes the group's rebalance delay (3 s). */
const SET_OFFSETS_MS = 30_000;

/** A broker that has just started answers that it is loading: what can be tried again is, until the time is over. */
async function patiently<T>(admin: Admin, call: (admin: Admin) => Promise<T>, until: number): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(admin);
    } catch (error) {
      const wait = backOffMs(attempt);
      if (!isRetriable(error) || Date.now() + wait > until) throw error;
      await pauseFor(wait, new AbortController().signal);
    }
  }
}

/** One admin connection, made when first needed and made anew after a failure. */
export class AdminLink {
  private connected: Promise<Admin> | null = null;

  constructor(private readonly kafka: Kafka) {}

  /** Throws UNAVAILABLE when the call fails or takes over `timeoutMs`. */
  async use<T>(what: string, timeoutMs: number, call: (admin: Admin) => Promise<T>): Promise<T> {
    const link = (this.connected ??= this.connect());
    try {
      return await within(
        timeoutMs,
        what,
        link.then((admin) => patiently(admin, call, Date.now() + timeoutMs)),
      );
    } catch (error) {
      if (this.connected === link) {
        this.connected = null;
        void link.then((admin) => admin.disconnect()).catch(() => undefined); // a broken link has nothing to say
      }
      throw unavailable(what, error);
    }
  }

  /** First offset still kept and the offset the next record gets, per partition. */
  async offsets(topic: string): Promise<Map<number, { low: number; high: number }>> {
    const rows = await this.use('reading offsets', 5_000, (admin) => admin.fetchTopicOffsets(topic));
    return new Map(rows.map((row) => [row.partition, { low: Number(row.low), high: Number(row.high) }]));
  }

  /** Per partition the offset of the first record whose timestamp is not before `atMs`; where there is none, the one the next record gets. */
  async offsetsAt(topic: string, atMs: number): Promise<Map<number, number>> {
    const fetch = (admin: Admin) => admin.fetchTopicOffsetsByTimestamp(topic, atMs);
    const rows = await this.use('reading offsets of a time', 5_000, fetch);
    return new Map(rows.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Where each partition of a topic goes on for a consumer group; partitions it has committed nothing of are left out. */
  async committed(topic: string, groupId: string): Promise<Map<number, number>> {
    const fetch = (admin: Admin) => admin.fetchOffsets({ groupId, topics: [topic] });
    const rows = (await this.use('reading committed offsets', 5_000, fetch)).flatMap(({ partitions }) => partitions);
    const known = rows.map(({ partition, offset }) => [partition, Number(offset)] as const);
    return new Map(known.filter(([, offset]) => offset >= 0));
  }

  /** Commits offsets for a group that has no members. False when it has some. */
  async commitFor(topic: string, groupId: string, offsets: ReadonlyMap<number, number>): Promise<boolean> {
    const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) }));
    try {
      await this.use('committing offsets', SET_OFFSETS_MS, (admin) => admin.setOffsets({ groupId, topic, partitions }));
      return true;
    } catch (error) {
      if (/must have no running instances/.test(String((error as { cause?: unknown }).cause ?? error))) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    const link = this.connected;
    this.connected = null;
    if (link)
      await within(
        5_000,
        'disconnecting',
        link.then((admin) => admin.disconnect()),
      ).catch(() => undefined);
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    await admin.connect();
    return admin;
  }
}
