import { remembers, triggersOf } from '../model/rule';
import type { Rule } from '../model/rule';
import { indexRules } from '../rules/index-by-trigger';
import type { RuleIndex } from '../rules/index-by-trigger';
import { answerRule, compileRemembering } from '../rules/remember';
import type { RememberingRule } from '../rules/remember';

/** The enabled rules that remember (time conditions, storm guards), compiled. */
export interface RememberingRules {
  byUid: ReadonlyMap<string, RememberingRule>;
  /** Triggers whose events any of them sees. */
  triggers: ReadonlySet<string>;
  /** The answers that their time conditions wait for, as rules with the uid of the rule that waits. */
  answers: RuleIndex;
}

export function compileRememberingRules(rules: readonly Rule[]): RememberingRules {
  const own = rules.filter((rule) => rule.enabled && remembers(rule));
  return {
    byUid: new Map(own.map((rule) => [rule.uid, compileRemembering(rule)])),
    triggers: new Set(own.flatMap((rule) => triggersOf(rule).map(({ ref }) => ref))),
    answers: indexRules(own.flatMap((rule) => answerRule(rule) ?? [])),
  };
}
