import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { executionIdForEvent } from '../../../src/model/ids';
import { kafkaBroker } from '../../helpers/addresses';
import type { DevPlatform } from '../../helpers/dev-process';
import { eventually } from '../../helpers/dev-process';
import { get, post } from './api';
import type { TriggerInstance } from './api';

/** A trigger of its own and a rule on it, for tests that look back in the log. */
export const TRIGGER = 'demo.past';
export const RULE = 'default.past';
const RULE_UID = 'rule:default:past';

export async function postJson<T>(
  platform: Pick<DevPlatform, 'apiUrl'>,
  path: string,
  body: object,
  headers?: Record<string, string>,
): Promise<T> {
  const { status, text } = await post(platform.apiUrl, path, {
    body: JSON.stringify(body),
    ...(headers && { headers }),
  });
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

/** The rule takes events whose payload says `take: true`. */
export async function makeRule(platform: Pick<DevPlatform, 'apiUrl'>, more: object = {}): Promise<void> {
  await postJson(platform, '/triggertypes', { pack: 'demo', name: 'past', payload_schema: {}, parameters_schema: {} });
  await postJson(platform, '/rules', {
    name: 'past',
    pack: 'default',
    enabled: true,
    trigger: { type: TRIGGER },
    criteria: { 'trigger.take': { type: 'eq', pattern: true } },
    action: { ref: 'core.noop', parameters: {} },
    ...more,
  });
}

export async function changeRule(platform: Pick<DevPlatform, 'apiUrl'>, change: object): Promise<void> {
  const rule = await get<object>(platform.apiUrl, `/rules/${RULE}`);
  const response = await fetch(`${platform.apiUrl}/api/v1/rules/${RULE}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...rule, ...change }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`PUT: ${response.status} ${await response.text()}`);
}

export interface PastEvent {
  source: string;
  id: string;
  take: boolean;
}
/** Events `first` to `last` of five sources; the third of each three is not for the rule. */
export const eventsBetween = (first: number, last: number): PastEvent[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n).map((n) => ({
    source: `/past/${n % 5}`,
    id: `event-${n}`,
    take: n % 3 !== 2,
  }));
/** The executions that the rule starts for those of the events that it takes, sorted. */
export const executionIdsOf = (events: readonly PastEvent[]): string[] =>
  events
    .filter(({ take }) => take)
    .map(({ source, id }) => executionIdForEvent(RULE_UID, source, id))
    .sort();

/** Puts events into the log and waits until the rule service is past them. */
export async function publish(
  platform: Pick<DevPlatform, 'apiUrl' | 'eventsTopic'>,
  events: readonly PastEvent[],
): Promise<void> {
  const before = await instances(platform);
  const producer = new Kafka({ brokers: [kafkaBroker()], logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const messages = events.map(({ source, id, take }) => ({
    key: source,
    value: JSON.stringify({ take, id }),
    headers: { ce_specversion: '1.0', ce_type: TRIGGER, ce_source: source, ce_id: id },
  }));
  await producer.send({ topic: platform.eventsTopic, acks: -1, messages });
  await producer.disconnect();
  const done = async (): Promise<boolean> => (await instances(platform, 'processed')) >= before + events.length;
  await eventually('the rule service is past the events', done, 60_000);
}

/** How many events of the trigger the platform lists. */
async function instances({ apiUrl }: Pick<DevPlatform, 'apiUrl'>, status?: string): Promise<number> {
  const of = status === undefined ? '' : `&status=${status}`;
  return (await get<TriggerInstance[]>(apiUrl, `/triggerinstances?limit=-1&trigger=${TRIGGER}${of}`)).length;
}
