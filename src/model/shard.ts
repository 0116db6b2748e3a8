/**
 * Shards of rules that remember: what a rule with a time condition or a storm guard knows of its events is kept by a few workflows, each of
 * which has the keys that fall to it. Times are milliseconds since the epoch, durations milliseconds.
 */

/** A time condition as a shard applies it. */
export type ShardCondition =
  | { type: 'threshold'; count: number; within: number; late: number }
  | { type: 'absence'; within: number }
  | { type: 'sequence'; within: number; late: number };

export interface ShardGuard {
  debounce?: { wait: number; atMost?: number };
  throttle?: { limit: number; per: number };
  concurrency?: { limit: number; delay: boolean };
}

/** What a shard is for. Another condition or guard is another set of shards, which begins with nothing. */
export interface ShardSpec {
  rule: { ref: string; id: string; uid: string };
  /** Hash of condition, guard and keys. */
  version: string;
  condition?: ShardCondition;
  guard?: ShardGuard;
}

/** An event that a shard is told of. Short names: a shard's history holds many. */
export interface Tell {
  /** Key of the time condition, and of the guard where that differs. */
  k: string;
  g?: string;
  /** When it happened. */
  a: number;
  /** Trigger instance. */
  i: string;
  /** Source and id in short: two instances of one event count once. */
  e: string;
  /** It answers (sequence). */
  r?: 1;
}

/** Why a time condition fired; templates see it as `action_context.condition`. */
export interface ConditionFacts {
  type: ShardCondition['type'] | 'event';
  key: string;
  /** Events behind it. */
  count: number;
  /** ISO 8601: the first and the last of these events. */
  since: string;
  until: string;
}

/** An event with which a rule is to start its action. */
export interface Firing {
  kind: 'fire';
  key: string;
  /** Trigger instance. */
  instance: string;
  facts?: ConditionFacts;
}
/** An event that the guard held back. */
export interface Suppression {
  kind: 'suppress';
  key: string;
  instance: string;
  reason: string;
}
export type Decision = Firing | Suppression;

/** What a shard knows of a key, for people. */
export interface ShardKeyState {
  key: string;
  /** Events that count towards the condition now, and when the last of them happened (ISO 8601). */
  counted?: number;
  last?: string;
  /** When something is due, if nothing else happens (ISO 8601). */
  due?: string;
  /** Executions that began within the throttle's time, that run, and events that wait for their turn. */
  begun?: number;
  running?: number;
  waiting?: number;
}
