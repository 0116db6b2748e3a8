import { isTemplate, renderTemplate } from '../expressions';
import { canonicalJson } from '../model/canonical-json';
import { durationMs } from '../model/duration';
import { contentHash } from '../model/ids';
import type { JsonObject, JsonValue } from '../model/json';
import type { Criteria, Rule, TimeCondition } from '../model/rule';
import type { ConditionFacts, ShardCondition, ShardGuard, ShardSpec } from '../model/shard';
import type { StormGuard } from '../model/time-condition';

/** Reads a key from an event's payload. Throws as a template does. */
export type KeyOf = (payload: JsonObject) => string;

/** A rule that remembers, ready to tell its shards of events. */
export interface RememberingRule {
  rule: Rule;
  spec: ShardSpec;
  /** How many shards share its keys. */
  shards: number;
  /** Key of the time condition, or of the guard where there is none. */
  keyOf: KeyOf;
  /** The guard's key, where it is another. */
  guardKeyOf?: KeyOf;
  /** An answer's key (sequence). */
  answerKeyOf?: KeyOf;
}

const SHARDS = 4;

/** Compiles what a rule with a time condition or a guard remembers by. Never throws: a broken key breaks when it is read. */
export function compileRemembering(rule: Rule): RememberingRule {
  const { when, guard } = rule;
  const { key, guardKey } = keysOf(rule);
  return {
    rule,
    spec: specOf(rule),
    // A guard that counts by another key than the condition has to see all of the condition's keys.
    shards: guardKey === undefined ? ((when ?? guard)?.shards ?? SHARDS) : 1,
    keyOf: keyReader(key),
    ...(guardKey === undefined ? {} : { guardKeyOf: keyReader(guardKey) }),
    ...(when?.type === 'sequence' ? { answerKeyOf: keyReader(when.unless.key ?? key) } : {}),
  };
}

function specOf({ ref, id, uid, when, guard, trigger }: Rule): ShardSpec {
  const memory = { when: when ?? null, guard: guard ?? null, trigger: trigger.ref } as JsonValue;
  return {
    rule: { ref, id, uid },
    version: contentHash(canonicalJson(memory)).slice(0, 12),
    ...(when ? { condition: conditionOf(when) } : {}),
    ...(guard ? { guard: guardOf(guard) } : {}),
  };
}

/** What templates would see as `action_context.condition` if a rule's time condition fired with an event: for explanations. */
export function likelyFacts(rule: Rule, payload: JsonObject, occurredAt: string): ConditionFacts | undefined {
  const { spec, keyOf } = compileRemembering(rule);
  const { condition } = spec;
  if (!condition) return undefined;
  const count = condition.type === 'threshold' ? condition.count : 1;
  let key = '';
  try {
    key = keyOf(payload);
  } catch {
    // Told where the key is read.
  }
  return { type: condition.type, key, count, since: occurredAt, until: occurredAt };
}

/** The key by which a rule's shards share their work, and the guard's where that is another. */
function keysOf({ when, guard }: Rule): { key: string | undefined; guardKey?: string } {
  const key = (when ?? guard)?.key ?? undefined;
  const guardKey = guard?.key ?? key;
  return guardKey === undefined || guardKey === key ? { key } : { key, guardKey };
}

/** The answers that a rule waits for, as a rule: what they are of, and their criteria; null for one that waits for none. */
export function answerRule(rule: Rule): Rule | null {
  if (rule.when?.type !== 'sequence') return null;
  const { trigger, criteria } = rule.when.unless;
  return { ...rule, trigger: trigger as Rule['trigger'], criteria: (criteria ?? {}) as Criteria };
}

function keyReader(template: string | undefined): KeyOf {
  if (template === undefined) return () => '';
  if (!isTemplate(template)) return () => template;
  return (payload) => boundedKey(renderTemplate(template, { trigger: payload }));
}

const LONGEST_KEY = 160;

/** A long key is cut, and told apart by its hash: shards keep many. */
const boundedKey = (key: string): string =>
  key.length <= LONGEST_KEY ? key : `${key.slice(0, LONGEST_KEY)}…${contentHash(key).slice(0, 16)}`;

const ms = (duration: number | string): number => durationMs(duration) ?? 0;

function conditionOf(when: TimeCondition): ShardCondition {
  const within = ms(when.within);
  if (when.type === 'absence') return { type: 'absence', within };
  const late = when.late == null ? within : ms(when.late);
  return when.type === 'threshold'
    ? { type: 'threshold', count: when.count, within, late }
    : { type: 'sequence', within, late };
}

function guardOf({ debounce, throttle, concurrency }: StormGuard): ShardGuard {
  return {
    ...(debounce
      ? { debounce: { wait: ms(debounce.wait), ...(debounce.at_most == null ? {} : { atMost: ms(debounce.at_most) }) } }
      : {}),
    ...(throttle ? { throttle: { limit: throttle.limit, per: ms(throttle.per) } } : {}),
    ...(concurrency ? { concurrency: { limit: concurrency.limit, delay: concurrency.excess === 'delay' } } : {}),
  };
}

/** Which of a rule's shards has a key. Never changes: what a shard knows stays there. */
export function shardOf(key: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % shards;
}
