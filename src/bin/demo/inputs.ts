import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

/** One input of the demo: which trigger it becomes, which rule takes it, and the host name by which its traces are told apart. */
export interface DemoInput {
  kind: 'alertmanager' | 'check' | 'cloudevent';
  host: string;
  ruleRef: string;
}

export interface DemoTargets {
  apiUrl: string;
  brokers: string[];
  eventsTopic: string;
  checksFile: string;
}

const RULES = {
  alertmanager: 'demo.alertmanager',
  check: 'demo.check_result',
  cloudevent: 'demo.alert',
} as const;

/** `perKind` inputs of each kind, all hosts unlike. */
export function planInputs(run: string, perKind: number): DemoInput[] {
  const kinds = Object.keys(RULES) as DemoInput['kind'][];
  return Array.from({ length: perKind }, (_, n) =>
    kinds.map((kind) => ({ kind, host: `${kind}-${run}-${n}`, ruleRef: RULES[kind] })),
  ).flat();
}

/** Sends inputs the way their real senders do. Sending again after a failure is safe: every input names its event. */
export async function createSender(targets: DemoTargets): Promise<{
  send(input: DemoInput): Promise<void>;
  close(): Promise<void>;
}> {
  const kafka = new Kafka({ clientId: 'some-kafka-client', brokers: targets.brokers, logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const ways: Record<DemoInput['kind'], (host: string) => Promise<void>> = {
    alertmanager: (host) => postAlert(targets.apiUrl, host),
    check: (host) => {
      mkdirSync(dirname(targets.checksFile), { recursive: true });
      appendFileSync(targets.checksFile, `${JSON.stringify(checkResult(host))}\n`);
      return Promise.resolve();
    },
    cloudevent: async (host) => {
      await producer.send({ topic: targets.eventsTopic, acks: -1, messages: [cloudEvent(host)] });
    },
  };
  return { send: (input) => ways[input.kind](input.host), close: () => producer.disconnect() };
}

/** The body that Prometheus Alertmanager's webhook (version 4) sends. */
function alertmanagerBody(host: string): object {
  const labels = { alertname: 'DiskAlmostFull', instance: host, severity: 'critical' };
  const startsAt = new Date().toISOString();
  return {
    version: '4',
    groupKey: `{}:{instance="${host}"}`,
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'everstorm',
    groupLabels: { instance: host },
    commonLabels: labels,
    commonAnnotations: { summary: 'Less than 5 % left on /' },
    externalURL: 'http://alertmanager.example:9093',
    alerts: [
      { status: 'firing', labels, annotations: {}, startsAt, endsAt: '0001-01-01T00:00:00Z', fingerprint: host },
    ],
  };
}

const checkResult = (host: string): object => ({
  client: { name: host },
  check: { name: 'check-load', status: 2, output: 'CheckLoad CRITICAL: load average 12.1' },
});

const cloudEvent = (host: string) => ({
  key: host,
  value: JSON.stringify({ severity: 'critical', host, summary: 'Replication lag above 60 s' }),
  headers: {
    ce_specversion: '1.0',
    ce_id: host,
    ce_source: '/demo/kafka-client',
    ce_type: 'demo.alert',
    'content-type': 'application/json',
  },
});

const ATTEMPTS = 60;

/** Posts until the event is acknowledged (the idempotency key makes a repetition harmless). */
async function postAlert(apiUrl: string, host: string): Promise<void> {
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const response = await fetch(`${apiUrl}/api/v1/webhooks/alertmanager`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': host, 'st2-trace-tag': host },
        body: JSON.stringify(alertmanagerBody(host)),
        signal: AbortSignal.timeout(10_000),
      });
      if (response.status === 202) return;
      reason = `${response.status} ${await response.text()}`;
    } catch (error) {
      reason = String(error);
    }
    await delay(Math.min(2_000, 100 * 2 ** attempt));
  }
  throw new Error(`the webhook did not take the alert: ${reason}`);
}
