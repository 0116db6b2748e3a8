import { messageOf } from '../../model/errors';
import type { LoggedEvent } from '../../model/event';
import { eventDigest } from '../../model/ids';
import type { Rule, RuleEnforcement } from '../../model/rule';
import { remembers } from '../../model/rule';
import type { Tell } from '../../model/shard';
import { evaluateRule } from '../../rules/evaluate';
import type { RememberingRule } from '../../rules/remember';
import { failedEnforcement } from '../rule-service/enforce';
import type { Judgement } from '../rule-service/handle-event';

/** What shards are to be told of an event. */
export interface EventTell {
  rule: RememberingRule;
  tell: Tell;
}

/** Tells of one event, answers first, and enforcements of rules whose keys it broke. */
export function collectTells(judgement: Judgement): { tells: EventTell[]; failures: RuleEnforcement[] } {
  const { event, definitions, judgedAt, refusal, verdicts } = judgement;
  if (refusal) return { tells: [], failures: [] };
  const { byRef, answers } = definitions.remembering;
  const tells: EventTell[] = [];
  const failures: RuleEnforcement[] = [];
  const happened = {
    a: Math.min(Date.parse(event.occurredAt), judgedAt),
    i: event.instanceId,
    e: eventDigest(event.source, event.eventId),
  };
  const attempt = ({ rule }: { rule: Rule }, keys: (own: RememberingRule) => Pick<Tell, 'k' | 'g' | 'r'>): void => {
    const own = byRef.get(rule.ref);
    if (!own) return;
    try {
      tells.push({ rule: own, tell: { ...keys(own), ...happened } });
    } catch (error) {
      const reason = `Failed to read the key of rule "${rule.ref}": ${messageOf(error)}`;
      const enforcedAt = new Date(judgedAt).toISOString();
      failures.push(failedEnforcement(rule, event, { reason, enforcedAt, version: definitions.version }));
    }
  };
  for (const compiled of answers.candidates(event)) {
    if (evaluateRule(compiled, event.payload, { now: judgedAt }).kind === 'matched')
      attempt(compiled, (own) => ({ k: own.answerKeyOf?.(event.payload) ?? '', r: 1 }));
  }
  for (const verdict of verdicts)
    if (verdict.kind === 'matched' && remembers(verdict.rule)) attempt(verdict, (own) => keysOf(own, event));
  return { tells, failures };
}

function keysOf(own: RememberingRule, { payload }: LoggedEvent): Pick<Tell, 'k' | 'g'> {
  const k = own.keyOf(payload);
  return own.guardKeyOf ? { k, g: own.guardKeyOf(payload) } : { k };
}
