import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { kindOf, TRIGGER } from './pack.mjs';

const TRY_MS = 10_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/** Publishes with a Kafka client of its own, as any foreign producer would; resolves when Kafka has acknowledged. */
async function kafkaDoor(brokers) {
  const { Kafka, logLevel } = await import('kafkajs');
  const kafka = new Kafka({
    clientId: 'chaos',
    brokers,
    logLevel: logLevel.NOTHING,
    requestTimeout: TRY_MS,
    retry: { retries: 2, initialRetryTime: FIRST_PAUSE_MS, maxRetryTime: LONGEST_PAUSE_MS },
  });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  return {
    send: async ({ id, kind }) => {
      const headers = {
        ce_specversion: '1.0',
        ce_id: id,
        ce_source: '/chaos/kafka',
        ce_type: TRIGGER,
        ce_time: new Date().toISOString(),
        ce_partitionkey: id,
        ce_tracetag: id,
        'content-type': 'application/json',
      };
      const value = JSON.stringify({ event: id, kind });
      await producer.send({ topic: 'everstorm.events', acks: -1, messages: [{ key: id, value, headers }] });
    },
    close: () => producer.disconnect().catch(() => undefined),
  };
}

/** Publishes by webhook at one api process after the other. */
function webhookDoor(apiUrls) {
  let turn = 0;
  return {
    send: async ({ id, kind }) => {
      const answer = await fetch(`${apiUrls[turn++ % apiUrls.length]}/api/v1/webhooks/st2`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'ce-id': id, 'st2-trace-tag': id },
        body: JSON.stringify({ trigger: TRIGGER, payload: { event: id, kind } }),
        signal: AbortSignal.timeout(TRY_MS),
      });
      await answer.arrayBuffer();
      if (answer.status !== 202) throw new Error(`webhook: ${answer.status}`);
    },
    close: async () => undefined,
  };
}

/**
 * Publishes `events` events evenly over `ms`, by Kafka and by webhook in turn, each under one id until it is acknowledged; acknowledged ones are
 * written to `ledgerFile`, one `id kind` a line. Resolves when all are; `signal` gives up.
 * @returns {Promise<{acknowledged: {id: string, kind: string}[], tries: number}>}
 */
export async function publishLoad({ events, ms, brokers, apiUrls, ledgerFile, mark, signal }) {
  const doors = [await kafkaDoor(brokers), webhookDoor(apiUrls)];
  const acknowledged = [];
  let tries = 0;

  async function publish(n) {
    const event = { id: `${mark}-${n}`, kind: kindOf(n) };
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      tries += 1;
      try {
        await doors[n % doors.length].send(event);
        appendFileSync(ledgerFile, `${event.id} ${event.kind}\n`);
        acknowledged.push(event);
        return;
      } catch {
        // Not acknowledged: it may be there or not, and is sent again under its id.
        await delay(pause * (0.5 + Math.random() / 2));
      }
    }
  }

  const started = Date.now();
  const under = [];
  for (let n = 0; n < events && !signal.aborted; n++) {
    const due = started + (n * ms) / events - Date.now();
    if (due > 0) await delay(due);
    under.push(publish(n));
  }
  await Promise.all(under);
  await Promise.all(doors.map((door) => door.close()));
  return { acknowledged, tries };
}
