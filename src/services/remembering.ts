import { remembers, triggersOf } from '../model/rule';
import type { Rule } from '../model/rule';
import { indexRules } from '../rules/index-by-trigger';
import type { RuleChange, RuleIndex } from '../rules/index-by-trigger';
import { answerRule, compileRemembering } from '../rules/remember';
import type { RememberingRule } from '../rules/remember';

/** The enabled rules that remember (time conditions, storm guards), compiled. Immutable. */
export interface RememberingRules {
  byRef: ReadonlyMap<string, RememberingRule>;
  /** Triggers whose events any of them sees. */
  triggers: ReadonlySet<string>;
  /** The answers that their time conditions wait for, as rules with the ref of the rule that waits. */
  answers: RuleIndex;
}

const NONE: RememberingRules = { byRef: new Map(), triggers: new Set(), answers: indexRules([]) };

export const compileRememberingRules = (rules: readonly Rule[]): RememberingRules =>
  changedRememberingRules(NONE, { put: rules, removed: [] });

/** Those after a change of rules; the same object where it concerns none of them. */
export function changedRememberingRules(held: RememberingRules, { put, removed }: RuleChange): RememberingRules {
  const own = (rule: Rule): boolean => rule.enabled && remembers(rule);
  const gone = [...removed, ...put.filter((rule) => !own(rule)).map(({ ref }) => ref)];
  const come = put.filter(own);
  if (come.length === 0 && !gone.some((ref) => held.byRef.has(ref))) return held;
  const byRef = new Map(held.byRef);
  for (const ref of gone) byRef.delete(ref);
  for (const rule of come) byRef.set(rule.ref, compileRemembering(rule));
  const answering = come.flatMap((rule) => answerRule(rule) ?? []);
  const silent = [...gone, ...come.filter((rule) => answerRule(rule) === null).map(({ ref }) => ref)];
  return {
    byRef,
    triggers: new Set([...byRef.values()].flatMap(({ rule }) => triggersOf(rule).map(({ ref }) => ref))),
    answers: held.answers.changed({ put: answering, removed: silent }),
  };
}
