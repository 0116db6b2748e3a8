import { randomUUID } from 'node:crypto';
import { EverstormError } from '../model/errors';
import type { JsonObject, JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import { pyRepr } from '../model/python-text';
import type { Principal } from '../model/principal';
import type { Trigger } from '../model/trigger';
import { WEBHOOK_TRIGGER_TYPE } from '../model/trigger';
import { formatTimestamp } from '../model/timestamps';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { checkPayload, checkPayloadOf } from './payload-check';
import { createWebhookTriggers, listWebhookTriggers, withoutSlashes } from './webhook-triggers';

/** A webhook's request as a door received it. */
export interface Delivery {
  /** Path behind /webhooks/, without slashes at its ends. */
  url: string;
  /** Names as received. */
  headers: Record<string, string>;
  body: JsonValue;
}

export interface WebhookService {
  /** Triggers behind the registered urls. */
  list(principal: Principal): Promise<Trigger[]>;
  /** The first trigger of a url; throws NOT_FOUND. */
  get(principal: Principal, url: string): Promise<Trigger>;
  /**
   * Hands a delivery to the event log, once per trigger of the url; resolves with the instance ids after the log acknowledged them.
   * Throws NOT_FOUND, INVALID_PAYLOAD, INVALID_REQUEST, UNKNOWN_TRIGGER, EVENT_TOO_LARGE, UNAVAILABLE.
   */
  deliver(principal: Principal, delivery: Delivery): Promise<string[]>;
}

/** Url under which any registered trigger can be injected; StackStorm's. */
const GENERIC_URL = 'st2';
/** Credentials never reach the log: rules, consumers and people read it. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'st2-api-key', 'x-auth-token', 'cookie', 'authorization', 'proxy-authorization',
]); // prettier-ignore
const TRACE_TAG = 'st2-trace-tag';
/** Headers with which a sender names its event, so that sending again does nothing twice. */
const EVENT_ID = ['ce-id', 'idempotency-key'] as const;

export function createWebhookService(deps: ServiceDependencies): WebhookService {
  const { definitions } = deps.store;
  const webhooks = createWebhookTriggers(definitions);

  const publish = (
    trigger: string,
    payload: JsonObject,
    { url, headers }: Delivery,
  ): Promise<{ instanceId: string }> => {
    const lower = lowerCased(headers);
    return deps.events.publish({
      trigger,
      source: `/webhooks/${url}`,
      eventId: EVENT_ID.map((name) => lower[name]).find(Boolean) ?? randomUUID(),
      occurredAt: formatTimestamp(deps.now()),
      payload,
      traceTag: lower[TRACE_TAG] ?? `webhook-${url}-${randomUUID().replaceAll('-', '')}`,
    });
  };

  const deliverGeneric = async (delivery: Delivery): Promise<string[]> => {
    const { ref, payload } = genericRequest(delivery.body);
    await checkPayload(definitions, ref, payload);
    return [(await publish(ref, payload, delivery)).instanceId];
  };

  return {
    list: (principal) => {
      authorise(principal, 'webhook_list');
      return listWebhookTriggers(definitions);
    },
    get: async (principal, url) => {
      authorise(principal, 'webhook_view', url);
      const wanted = withoutSlashes(url);
      const [first] = (await webhooks.forUrl(wanted)).byUrl.get(wanted) ?? [];
      if (!first) throw new EverstormError('NOT_FOUND', `Webhook ${url} not registered with st2`);
      return first;
    },
    deliver: async (principal, given) => {
      const delivery = { ...given, url: withoutSlashes(given.url) };
      authorise(principal, 'webhook_send', delivery.url);
      if (delivery.url === GENERIC_URL) return deliverGeneric(delivery);
      const { type, byUrl } = await webhooks.forUrl(delivery.url);
      const targets = byUrl.get(delivery.url) ?? [];
      if (targets.length === 0) {
        throw new EverstormError('NOT_FOUND', `Webhook ${delivery.url} not registered with st2`);
      }
      const payload = webhookPayload(delivery);
      checkPayloadOf(type, WEBHOOK_TRIGGER_TYPE, payload);
      const published = await Promise.all(targets.map(({ ref }) => publish(ref, payload, delivery)));
      return published.map(({ instanceId }) => instanceId);
    },
  };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function webhookPayload({ headers, body }: Delivery): JsonObject {
  const kept = Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !CREDENTIALS.has(name.toLowerCase()) && name.toLowerCase() !== TRACE_TAG,
    ),
  );
  return { headers: kept, headers_lower: lowerCased(kept), body };
}

function genericRequest(body: JsonValue): { ref: string; payload: JsonObject } {
  if (!isJsonObject(body))
    throw new EverstormError('INVALID_REQUEST', `${pyTypeOf(body)} body is not of type 'object'`);
  const { trigger, payload = null } = body;
  if (typeof trigger !== 'string' || trigger === '') {
    throw new EverstormError('INVALID_REQUEST', 'Trigger not specified.', { field: 'trigger' });
  }
  if (payload !== null && !isJsonObject(payload)) {
    throw new EverstormError('INVALID_PAYLOAD', `The payload of trigger ${pyRepr(trigger)} is not of type 'object'`);
  }
  return { ref: trigger, payload: payload ?? {} };
}

const pyTypeOf = (value: JsonValue): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
