import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { Pool } from 'undici';
import { encodeEvent } from '../../src/adapters/kafka/event-codec';
import { EventProducer } from '../../src/adapters/kafka/event-producer';
import { connectKafka } from '../../src/adapters/kafka/connection';
import { executionIdForEvent } from '../../src/model/ids';
import type { Work } from '../lib/load';
import type { ServerAddresses } from '../lib/workshop';
import { completionWatcher, untilCompleted } from './closing';
import { ACTION, BARE_TASK_QUEUE, BARE_WORKFLOW, EVENT_SOURCE, RULE_UID, TRIGGER } from './names';

export const SIDES = ['bare', 'api', 'rule'] as const;
export type Side = (typeof SIDES)[number];

const EVENTS_TOPIC = 'everstorm.events';
const MAX_EVENT_BYTES = 1_000_000;
/** Events of one key keep their order, so their starts follow one another; real sources are many. */
const EVENT_KEYS = 500;

/** One execution of each side, from the request to the end of its workflow. */
export interface Sides {
  work: Record<Side, Work>;
  close(): Promise<void>;
}

export async function connectSides(servers: ServerAddresses, apiUrl: string, connections: number): Promise<Sides> {
  const connection = await Connection.connect({ address: servers.temporal });
  const client = new Client({ connection });
  const http = new Pool(apiUrl, { connections });
  const kafka = connectKafka({ brokers: [servers.kafka], clientId: 'bench', log: () => undefined });
  const producer = new EventProducer(kafka, { topic: EVENTS_TOPIC, maxRecordBytes: MAX_EVENT_BYTES });
  const untilStartedAndCompleted = completionWatcher(connection);
  let events = 0;
  return {
    work: {
      bare: async () => {
        const workflowId = randomUUID();
        const { firstExecutionRunId: runId } = await client.workflow.start(BARE_WORKFLOW, {
          workflowId,
          taskQueue: BARE_TASK_QUEUE,
        });
        return untilCompleted(connection, { workflowId, runId });
      },
      api: async () => untilCompleted(connection, { workflowId: await post(http) }),
      rule: async () => {
        const eventId = randomUUID();
        events += 1;
        await producer.publish(encodeEvent(eventOf(eventId, `host${events % EVENT_KEYS}`)));
        return untilStartedAndCompleted(executionIdForEvent(RULE_UID, EVENT_SOURCE, eventId));
      },
    },
    close: async () => {
      await producer.close();
      await http.close();
      await connection.close();
    },
  };
}

async function post(http: Pool): Promise<string> {
  const { statusCode, body } = await http.request({
    method: 'POST',
    path: '/api/v1/executions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action: ACTION }),
  });
  const text = await body.text();
  if (statusCode !== 201) throw new Error(`POST /api/v1/executions: ${statusCode} ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}

const eventOf = (eventId: string, host: string) => ({
  trigger: TRIGGER,
  source: EVENT_SOURCE,
  eventId,
  occurredAt: new Date().toISOString(),
  payload: { host },
  partitionKey: host,
});
