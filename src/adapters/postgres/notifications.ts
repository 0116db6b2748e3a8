import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { PGlite } from '@electric-sql/pglite';
import type { Turns } from './pglite-dialect';
import { translated } from './translate-errors';

export const DEFINITIONS_CHANNEL = 'everstorm_definitions';

/** Changes within this time are told as one. */
const COALESCE_MS = 25;
const CONNECT_TIMEOUT_MS = 5_000;
const PROBE_EVERY_MS = 10_000;
const BACK_OFF_MS = { first: 100, most: 5_000 };

/** Tells listeners that definitions changed. */
export interface Notifications {
  subscribe(listener: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Listeners of one process, told once per burst. */
class Listeners {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  add(listener: () => void): () => void {
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  readonly changed = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const listener of this.#listeners) listener();
    }, COALESCE_MS);
  };

  clear(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }
}

/** PGlite's own LISTEN: all subscribers are in this process. */
export function pgliteNotifications(pglite: PGlite, turns: Turns): Notifications {
  const listeners = new Listeners();
  let listening: Promise<unknown> | undefined;
  const listen = async (): Promise<void> => {
    const end = await turns.take();
    try {
      await pglite.listen(DEFINITIONS_CHANNEL, listeners.changed);
    } finally {
      end();
    }
  };
  return {
    async subscribe(listener) {
      listening ??= listen();
      await listening;
      const remove = listeners.add(listener);
      return () => Promise.resolve(remove());
    },
    close: () => Promise.resolve(listeners.clear()),
  };
}

/**
 * LISTEN on a connection of its own, opened with the first subscriber. A connection that broke, or no longer answers its probe,
 * is made anew with back-off, and then the listeners are told: a change may have been missed.
 */
export class PostgresNotifications implements Notifications {
  readonly #listeners = new Listeners();
  readonly #stop = new AbortController();
  #first: Promise<void> | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(private readonly databaseUrl: string) {}

  async subscribe(listener: () => void): Promise<() => Promise<void>> {
    this.#first ??= this.#begin();
    try {
      await this.#first;
    } catch (error) {
      this.#first = undefined;
      throw translated(error);
    }
    const remove = this.#listeners.add(listener);
    return () => Promise.resolve(remove());
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#listeners.clear();
    await this.#loop;
  }

  async #begin(): Promise<void> {
    const connection = await openListening(this.databaseUrl, this.#listeners.changed);
    this.#loop = this.#keep(connection);
  }

  async #keep(first: ListeningConnection): Promise<void> {
    let connection = first;
    for (;;) {
      await untilLost(connection, this.#stop.signal);
      await connection.close();
      const next = await this.#reconnect();
      if (!next) return;
      connection = next;
      this.#listeners.changed();
    }
  }

  /** Null when stopped. */
  async #reconnect(): Promise<ListeningConnection | null> {
    for (let wait = BACK_OFF_MS.first; !this.#stop.signal.aborted; wait = Math.min(wait * 2, BACK_OFF_MS.most)) {
      try {
        return await openListening(this.databaseUrl, this.#listeners.changed);
      } catch {
        await pause(wait * (0.5 + Math.random() / 2), this.#stop.signal);
      }
    }
    return null;
  }
}

interface ListeningConnection {
  /** Resolves when the connection broke. */
  lost: Promise<void>;
  /** Throws when the server does not answer in time. */
  probe(): Promise<unknown>;
  close(): Promise<void>;
}

async function openListening(databaseUrl: string, changed: () => void): Promise<ListeningConnection> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'everstorm-notifications',
  });
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  client.on('notification', changed);
  const close = (): Promise<void> =>
    Promise.race([client.end().catch(() => undefined), sleep(1_000, undefined, { ref: false })]);
  try {
    await client.connect();
    await client.query(`listen ${DEFINITIONS_CHANNEL}`);
  } catch (error) {
    await close();
    throw error;
  }
  return { lost, probe: () => client.query('select 1'), close };
}

async function untilLost(connection: ListeningConnection, stop: AbortSignal): Promise<void> {
  const lost = connection.lost.then(() => 'lost' as const);
  while (!stop.aborted) {
    const outcome = await Promise.race([lost, pause(PROBE_EVERY_MS, stop)]);
    if (outcome === 'lost') return;
    try {
      await connection.probe();
    } catch {
      return;
    }
  }
}

/** Waits, or less when stopped. */
async function pause(ms: number, stop: AbortSignal): Promise<'paused'> {
  await sleep(ms, undefined, { signal: stop, ref: false }).catch(() => undefined);
  return 'paused';
}
