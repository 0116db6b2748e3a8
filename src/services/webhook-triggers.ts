import type { Trigger, TriggerType } from '../model/trigger';
import { WEBHOOK_TRIGGER_TYPE } from '../model/trigger';
import type { Definitions } from '../ports/store';
import { coalescedLoad } from './coalesced-load';

/** What a delivery needs of the definitions. */
export interface Webhooks {
  /** Null when webhooks have no registered type: no payload can be checked. */
  readonly type: TriggerType | null;
  /** Triggers by url, without slashes at its ends; in the order of their refs. */
  readonly byUrl: ReadonlyMap<string, readonly Trigger[]>;
}

export interface WebhookTriggers {
  /**
   * The webhooks, from memory unless definitions changed since they were read. When `url` is not among them the store is asked, so that a
   * webhook answers from the moment its rule was acknowledged, whichever process made it. Throws UNAVAILABLE.
   */
  forUrl(url: string): Promise<Webhooks>;
}

export const withoutSlashes = (url: string): string => url.replace(/^\/+|\/+$/g, '');

/** All triggers of webhooks, as stored. */
export async function listWebhookTriggers(definitions: Pick<Definitions, 'list'>): Promise<Trigger[]> {
  const where = { type: WEBHOOK_TRIGGER_TYPE };
  const { rows } = await definitions.list('trigger', { limit: -1, offset: 0, where });
  return rows.filter(({ parameters }) => typeof parameters['url'] === 'string');
}

/** Subscribes to changes with the first delivery; the subscription ends with the store. */
export function createWebhookTriggers(definitions: Pick<Definitions, 'get' | 'list' | 'subscribe'>): WebhookTriggers {
  let held: Webhooks | null = null;
  /** Raised by every change, so that a reading that began before a change is not held. */
  let changes = 0;
  let subscribed: Promise<unknown> | null = null;

  const subscribe = (): Promise<unknown> => {
    subscribed ??= definitions
      .subscribe(() => {
        changes += 1;
        held = null;
      })
      .catch((error: unknown) => {
        subscribed = null;
        throw error;
      });
    return subscribed;
  };
  const reading = coalescedLoad(async () => {
    const before = changes;
    const [type, triggers] = await Promise.all([
      definitions.get('trigger_type', WEBHOOK_TRIGGER_TYPE),
      listWebhookTriggers(definitions),
    ]);
    const webhooks = { type, byUrl: byUrlOf(triggers) };
    if (changes === before) held = webhooks;
    return webhooks;
  });
  return {
    forUrl: async (url) => {
      await subscribe();
      return held?.byUrl.has(url) ? held : reading.load();
    },
  };
}

function byUrlOf(triggers: readonly Trigger[]): Map<string, Trigger[]> {
  const byUrl = new Map<string, Trigger[]>();
  for (const trigger of triggers) {
    const url = withoutSlashes(trigger.parameters['url'] as string);
    byUrl.set(url, [...(byUrl.get(url) ?? []), trigger]);
  }
  return byUrl;
}
