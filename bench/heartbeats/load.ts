import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

const TICK_MS = 100;

export interface Beating {
  /** Hosts that fall silent in the middle. */
  silent: ReadonlySet<string>;
  /** Resolves when so long has passed since the first beat. */
  until(ms: number): Promise<void>;
  /** Stops; how many beats were sent in how many seconds. */
  stop(): Promise<{ count: number; seconds: number }>;
}

/** Hosts beat one after the other, `rate` a second in all, until stopped; every n-th of them falls silent after a time. */
export async function beat(options: {
  broker: string;
  hosts: number;
  rate: number;
  silent: number;
  silentAfterMs: number;
}): Promise<Beating> {
  const { broker, hosts, rate, silent, silentAfterMs } = options;
  const producer = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const names = Array.from({ length: hosts }, (_, n) => `host-${n}`);
  const quiet = new Set(names.filter((_name, n) => n % Math.floor(hosts / silent) === 0).slice(0, silent));
  const stopping = new AbortController();
  const begun = Date.now();
  let count = 0;
  const send = async (): Promise<void> => {
    for (let turn = 0; !stopping.signal.aborted;) {
      const due = Math.floor(((Date.now() - begun) / 1_000) * rate);
      const talking = Date.now() - begun < silentAfterMs ? null : quiet;
      const beats = Array.from({ length: due - turn }, (_, n) => names[(turn + n) % hosts] ?? '').filter(
        (host) => !talking?.has(host),
      );
      turn = due;
      count += beats.length;
      if (beats.length > 0) await producer.send({ topic: 'everstorm.events', acks: -1, messages: beats.map(message) });
      await delay(TICK_MS);
    }
  };
  const sending = send();
  return {
    silent: quiet,
    until: (ms) => delay(Math.max(0, begun + ms - Date.now())),
    stop: async () => {
      stopping.abort();
      await sending;
      const seconds = (Date.now() - begun) / 1_000;
      await producer.disconnect();
      return { count, seconds };
    },
  };
}

const message = (host: string) => ({
  key: host,
  value: JSON.stringify({ host, load: 0.5 }),
  headers: {
    ce_specversion: '1.0',
    ce_id: randomUUID(),
    ce_source: `/hosts/${host}`,
    ce_type: 'bench.beat',
    'content-type': 'application/json',
  },
});
