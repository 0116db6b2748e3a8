import { randomBytes } from 'node:crypto';
import type { Action } from '../../src/model/action';
import type { JsonObject } from '../../src/model/json';
import type { Rule } from '../../src/model/rule';
import type { TriggerType } from '../../src/model/trigger';
import { eventsOf, rulesOf } from '../rules/workload';

export const TRIGGER = 'bench.alert';
/** The rule whose starts are measured: each good event matches it once. */
export const GOOD_RULE = 'bench.good';
const RULES = 200;
const MIB = 1024 * 1024;

/** What poisons the stream. `oversize` comes as it is, `inflating` in a compressed batch, `unknown` and `torn` are set aside as well. */
export const POISON = ['bomb', 'oversize', 'template', 'inflating', 'deep', 'unknown', 'torn'] as const;
export type Poison = (typeof POISON)[number];

/** A record of the stream, as a foreign producer sends it. */
export interface StreamRecord {
  type: string;
  value: string;
  gzip?: boolean;
}

/** 30 levels of brackets around a loop over the payload's text. */
const nested = (levels: number): string =>
  `{{ ${'['.repeat(levels)}trigger.body.message${']'.repeat(levels)} | string }}`;

const rule = (name: string, criteria: Rule['criteria'], parameters: JsonObject = {}): Rule => {
  const [base] = rulesOf('equality', 1) as [Rule];
  return {
    ...base,
    ...{ id: name.padEnd(24, '0'), uid: `rule:bench:${name}`, ref: `bench.${name}`, name, criteria },
    action: { ref: 'core.noop', parameters },
  };
};
const isKind = (pattern: string): Rule['criteria'] => ({ 'trigger.body.kind': { type: 'eq', pattern } });

/** Rules as monitoring has them, and those that poison works on; the same ones in all segments. */
export const rules = (): Rule[] => [
  ...rulesOf('mixed', RULES),
  rule('good', isKind('good')),
  rule('bomb', { 'trigger.body.message': { type: 'regex', pattern: '(a+)+$' } }),
  rule('deep_pattern', { 'trigger.body.kind': { type: 'eq', pattern: nested(30) } }),
  rule('deep_template', isKind('template'), { message: nested(30) }),
];

export const NOOP: Action = {
  ...{ id: 'a'.repeat(24), uid: 'action:core:noop', ref: 'core.noop', name: 'noop', pack: 'core', description: '' },
  ...{ enabled: true, runner_type: 'noop', entry_point: '', parameters: { message: { type: 'string' } } },
  ...{ output_schema: {}, tags: [], notify: {}, metadata_file: '' },
};

export const TRIGGER_TYPE: TriggerType = {
  ...{ id: 'b'.repeat(24), uid: `trigger_type:${TRIGGER}`, ref: TRIGGER, name: 'alert', pack: 'bench' },
  ...{ description: '', payload_schema: {}, parameters_schema: {}, tags: [], metadata_file: '' },
};

/** Payloads of good events: what rules/workload has, told apart by `kind`. */
export function goodPayloads(count: number): JsonObject[] {
  return eventsOf(RULES, count).map(({ payload }) => ({ body: { ...(payload['body'] as JsonObject), kind: 'good' } }));
}

const [neutral] = goodPayloads(1) as [JsonObject];
const body = (more: JsonObject): JsonObject => ({ body: { ...(neutral['body'] as JsonObject), ...more } });

/** What a poisonous record's payload is, where it has one. */
export const poisonPayload = (kind: 'bomb' | 'template'): JsonObject =>
  kind === 'bomb' ? body({ kind, message: `${'a'.repeat(5_000)}b` }) : body({ kind, message: 'm'.repeat(20_000) });

const RECORDS: Readonly<Record<Poison, () => StreamRecord>> = {
  bomb: () => ({ type: TRIGGER, value: JSON.stringify(poisonPayload('bomb')) }),
  oversize: () => ({
    type: TRIGGER,
    value: JSON.stringify(body({ message: randomBytes(MIB / 2 + 8_192).toString('hex') })),
  }),
  template: () => ({ type: TRIGGER, value: JSON.stringify(poisonPayload('template')) }),
  inflating: () => ({ type: TRIGGER, value: JSON.stringify(body({ message: 'm'.repeat(4 * MIB) })), gzip: true }),
  deep: () => ({ type: TRIGGER, value: `{"body":${'['.repeat(10_000)}${']'.repeat(10_000)}}` }),
  unknown: () => ({ type: 'bench.unknown', value: '{}' }),
  torn: () => ({ type: TRIGGER, value: '{"body": ' }),
};

/** One record of each kind, made once: what is measured is what it takes to digest them. */
export const poisonRecords = (): Map<Poison, StreamRecord> =>
  new Map(POISON.map((kind) => [kind, RECORDS[kind]()] as const));
