import type { NewEvent } from '../../src/model/event';
import type { JsonObject } from '../../src/model/json';
import type { Rule } from '../../src/model/rule';
import type { TriggerType } from '../../src/model/trigger';

export type Mix = 'equality' | 'mixed';
export type Event = { trigger: string; payload: JsonObject };

const TRIGGER = 'bench.alert';
const HOSTS_PER_RULE = 1;

/** Numbers from 0 to below 1, always the same ones. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const host = (n: number): string => `host-${n}`;

/** What a rule of the mix asks, one after the other: two of three decide by equality, the rest by order, prefix, list or pattern. */
const KINDS: readonly ((n: number) => Rule['criteria'])[] = [
  (n) => ({ 'trigger.body.host': { type: 'eq', pattern: host(n) }, 'trigger.body.load': { type: 'gt', pattern: 50 } }),
  (n) => ({
    'trigger.body.service': { type: 'equals', pattern: `service-${n}` },
    'trigger.body.state': { type: 'neq', pattern: 'ok' },
  }),
  (n) => ({
    'trigger.body.host': { type: 'inside', pattern: [host(n), host(n + 1)] },
    'trigger.body.tags': { type: 'contains', pattern: 'prod' },
  }),
  (n) => ({ 'trigger.body.load': { type: 'gt', pattern: 95 }, 'trigger.body.host': { type: 'eq', pattern: host(n) } }),
  (n) => ({ 'trigger.body.check': { type: 'startswith', pattern: `check-${n}-` } }),
  (n) => ({
    'trigger.body.host': { type: 'regex', pattern: `^${host(n)}$` },
    'trigger.body.state': { type: 'eq', pattern: 'bad' },
  }),
];

const equality = (n: number): Rule['criteria'] => ({
  'trigger.body.host': { type: 'eq', pattern: host(n) },
  'trigger.body.state': { type: 'eq', pattern: 'bad' },
});

export const rulesOf = (mix: Mix, count: number): Rule[] =>
  Array.from({ length: count }, (_, n) => ({
    id: n.toString(16).padStart(24, '0'),
    uid: `rule:bench:r${n}`,
    ref: `bench.r${n}`,
    name: `r${n}`,
    pack: 'bench',
    description: '',
    enabled: true,
    type: { ref: 'standard', parameters: {} },
    trigger: { type: TRIGGER, ref: TRIGGER, parameters: {} },
    criteria: mix === 'equality' ? equality(n) : (KINDS[n % KINDS.length] as (n: number) => Rule['criteria'])(n),
    action: { ref: 'core.noop', parameters: {} },
    context: {},
    tags: [],
    metadata_file: '',
  }));

/** Events as monitoring sends them; about one in two is of a host that some rule names. */
export function eventsOf(rules: number, count: number): Event[] {
  const next = numbers(42);
  const whole = (below: number): number => Math.floor(next() * below);
  return Array.from({ length: count }, () => ({
    trigger: TRIGGER,
    payload: {
      body: {
        host: host(whole(rules * 2 * HOSTS_PER_RULE)),
        service: `service-${whole(rules * 2)}`,
        check: `check-${whole(rules * 2)}-disk`,
        state: next() < 0.5 ? 'bad' : 'ok',
        load: whole(100),
        tags: ['prod', 'web'],
        message: 'a line of text that no rule reads, as long as such lines are',
      },
    },
  }));
}

/** The trigger of all rules and events here, with a schema as packs write them. */
export const TRIGGER_TYPE: TriggerType = {
  id: 'a'.repeat(24),
  uid: `trigger_type:bench:alert`,
  ref: TRIGGER,
  name: 'alert',
  pack: 'bench',
  description: '',
  payload_schema: { type: 'object', properties: { body: { type: 'object' }, headers: { type: 'object' } } },
  parameters_schema: {},
  tags: [],
  metadata_file: '',
};

/** Events for the log, about 300 bytes of payload each, none of which any rule matches; their sources are many. */
export function strangersOf(count: number): NewEvent[] {
  return eventsOf(1_000, count).map(({ trigger, payload }, n) => {
    const body = payload['body'] as JsonObject;
    const strange = { host: `stranger-${n % 5_000}`, service: `strange-${n % 700}`, check: `strange-${n % 90}-disk` };
    return {
      trigger,
      source: `/bench/${n % 500}`,
      eventId: `event-${n}`,
      occurredAt: new Date(Date.UTC(2026, 0, 1) + n).toISOString(),
      payload: { body: { ...body, ...strange }, headers: { 'Content-Type': 'application/json', Host: 'bench' } },
    };
  });
}
