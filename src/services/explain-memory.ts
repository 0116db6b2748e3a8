import { messageOf } from '../model/errors';
import type { LoggedEvent } from '../model/event';
import { remembers } from '../model/rule';
import type { Rule, RuleEnforcement } from '../model/rule';
import type { ShardKeyState } from '../model/shard';
import { EnforcementStatus } from '../model/statuses';
import type { Shards } from '../ports/shards';
import { compileRemembering, shardOf } from '../rules/remember';
import type { RuleExplanation } from './explanations';

/** What a rule with a time condition or a guard keeps in mind of an event's key. */
export interface Memory {
  key: string;
  /** As its shard knows it now; null when it knows of nothing. */
  now: ShardKeyState | null;
}

/**
 * What became of an event that matches the criteria of a rule that remembers: by its enforcement, else by what its shard knows now. Nothing for
 * other rules.
 */
export async function explainMemory(
  rule: Rule,
  event: LoggedEvent,
  { shards, enforcement }: { shards: Pick<Shards, 'about'>; enforcement: RuleEnforcement | undefined },
): Promise<Partial<Pick<RuleExplanation, 'outcome' | 'reason' | 'memory'>>> {
  if (!remembers(rule)) return {};
  const own = compileRemembering(rule);
  let key: string;
  try {
    key = own.keyOf(event.payload);
  } catch (error) {
    return { outcome: 'failed', reason: `the key can't be read: ${messageOf(error)}` };
  }
  const now = await shards.about({ spec: own.spec, shard: shardOf(key, own.shards) }, key);
  const kept = rule.when
    ? `the criteria hold; the time condition (${rule.when.type} within ${rule.when.within}) did not fire with this event`
    : 'the guard has not let it go yet';
  return { ...memoryOutcome(rule, enforcement, kept), memory: { key, now } };
}

/** What became of it by its enforcement alone; `kept`: the reason where there is none. Nothing for rules that don't remember, and for what started. */
export function memoryOutcome(
  rule: Rule,
  enforcement: RuleEnforcement | undefined,
  kept: string,
): Partial<Pick<RuleExplanation, 'outcome' | 'reason'>> {
  if (!remembers(rule)) return {};
  if (!enforcement) return { outcome: 'remembered', reason: kept };
  if (enforcement.status !== EnforcementStatus.suppressed) return {};
  return { outcome: 'suppressed', reason: enforcement.failure_reason ?? '' };
}
