import { messageOf } from '../../model/errors';
import type { LogEntry, LoggedEvent } from '../../model/event';
import { eventDigest } from '../../model/ids';
import type { Rule, RuleEnforcement } from '../../model/rule';
import { remembers } from '../../model/rule';
import type { Tell } from '../../model/shard';
import { evaluateRule } from '../../rules/evaluate';
import type { RememberingRule } from '../../rules/remember';
import { failedEnforcement } from '../rule-service/enforce';
import { judgeEvent } from '../rule-service/handle-event';
import type { Judgement } from '../rule-service/handle-event';
import type { RuleServiceOptions } from '../rule-service/options';
import type { RuleSet, RuleSets } from '../rule-service/rule-sets';

/** What shards are to be told of an event. */
export interface EventTell {
  rule: RememberingRule;
  tell: Tell;
}

/** Consecutive entries of a batch, judged by one rule set. */
export interface TellPortion {
  /** Index behind its last entry. */
  end: number;
  last: LoggedEvent | null;
  ruleSet: RuleSet | null;
  tells: EventTell[];
  failures: RuleEnforcement[];
}

type Collecting = Pick<RuleServiceOptions, 'validatePayload' | 'now'> & {
  ruleSets: Pick<RuleSets, 'from'>;
  wanted: (trigger: string) => boolean;
};

/** Collects what shards are to be told, from one entry on to where another rule set begins, or to the batch's end. */
export async function nextTells(
  entries: readonly LogEntry[],
  from: number,
  { ruleSets, wanted, ...options }: Collecting,
): Promise<TellPortion> {
  const portion: TellPortion = { end: from, last: null, ruleSet: null, tells: [], failures: [] };
  for (; portion.end < entries.length; portion.end += 1) {
    const entry = entries[portion.end] as LogEntry;
    if (entry.kind !== 'event' || !wanted(entry.event.trigger)) continue;
    const { event } = entry;
    const ruleSet: RuleSet = portion.ruleSet ?? (await ruleSets.from(event));
    if (ruleSet.through !== null && event.instanceId > ruleSet.through) break;
    portion.ruleSet = ruleSet;
    portion.last = event;
    const { tells, failures } = collectTells(judgeEvent(event, ruleSet.definitions, options));
    portion.tells.push(...tells);
    portion.failures.push(...failures);
  }
  return portion;
}

/** Tells of one event, answers first, and enforcements of rules whose keys it broke. */
function collectTells(judgement: Judgement): { tells: EventTell[]; failures: RuleEnforcement[] } {
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
