import { renderTemplate } from '../expressions';
import { errorCode, EverstormError, messageOf } from '../model/errors';
import type { ErrorCode } from '../model/errors';
import type { LoggedEvent } from '../model/event';
import type { JsonObject, JsonValue } from '../model/json';
import type { GroupKind, Rule } from '../model/rule';
import { compiledChildren } from './compile';
import type { AnyCriterion, CompiledCriterion, CompiledGroup, CompiledRule } from './compile';
import type { OperatorContext } from './operators/operator';
import { lookUp } from './payload-path';

/** What one criterion said. Criteria after the first that did not match are not asked. */
export interface CriterionVerdict {
  key: string;
  matched: boolean;
  /** Why it failed (an error is not a "no"). */
  reason?: string;
  code?: ErrorCode;
  /** What the key led to, and the pattern as it was rendered; as far as it came to that. */
  value?: JsonValue;
  pattern?: JsonValue;
  /** Of a group: what its members' criteria said, as far as they were asked. */
  members?: CriterionVerdict[][];
}

export interface Verdict {
  rule: Rule;
  kind: 'matched' | 'not-matched' | 'failed';
  /** When failed. */
  reason?: string;
  code?: ErrorCode;
  criteria: CriterionVerdict[];
}

export interface EvaluateOptions {
  /** The clock, in milliseconds since the epoch. */
  now: number;
  /** Groups ask all of their criteria, also those that can't decide any more: for explanations. */
  thorough?: boolean;
}

/**
 * Evaluates an event against rules (those of its trigger). Pure. StackStorm's two passes: the standard rules, then the backstop rules,
 * which have a verdict only when no standard rule matched (one in shadow mode is as if it weren't there). A disabled rule has none.
 */
export function evaluate(
  event: Pick<LoggedEvent, 'trigger' | 'payload'>,
  rules: readonly CompiledRule[],
  options: EvaluateOptions,
): Verdict[] {
  const verdicts: Verdict[] = [];
  const backstops: CompiledRule[] = [];
  let decided = false;
  for (const compiled of rules) {
    if (!compiled.enabled || compiled.trigger !== event.trigger) continue;
    if (compiled.backstop) {
      backstops.push(compiled);
      continue;
    }
    const verdict = evaluateRule(compiled, event.payload, options);
    verdicts.push(verdict);
    decided ||= verdict.kind === 'matched' && compiled.rule.mode !== 'shadow';
  }
  if (!decided) for (const compiled of backstops) verdicts.push(evaluateRule(compiled, event.payload, options));
  return verdicts;
}

/** One rule's verdict about a payload. */
export function evaluateRule(compiled: CompiledRule, payload: JsonObject, options: EvaluateOptions): Verdict {
  const { rule } = compiled;
  const criteria: CriterionVerdict[] = [];
  if (compiled.criteria.length > 0 && Object.keys(payload).length === 0) return { rule, kind: 'not-matched', criteria };
  const seen = { trigger: payload, system: {} };
  for (const criterion of compiled.criteria) {
    const verdict = evaluateCriterion(criterion, seen, options);
    criteria.push(verdict);
    if (verdict.code !== undefined)
      return { rule, kind: 'failed', reason: failureReason(rule, verdict), code: verdict.code, criteria };
    if (!verdict.matched) return { rule, kind: 'not-matched', criteria };
  }
  return { rule, kind: 'matched', criteria };
}

/** Why a rule failed, as its enforcement says. */
export const failureReason = (rule: Rule, { key, reason }: CriterionVerdict): string =>
  `Failed to match rule "${rule.ref}", criterion "${key}": ${reason ?? ''}`;

/** `seen` is what the key's path leads into and the pattern's template sees. */
export function evaluateCriterion(
  criterion: AnyCriterion,
  seen: JsonObject,
  options: EvaluateOptions,
): CriterionVerdict {
  const { key } = criterion;
  if ('group' in criterion) return evaluateGroup(criterion, seen, options);
  if ('problem' in criterion) {
    return criterion.problem === 'no-match' ? { key, matched: false } : { key, matched: false, ...criterion.problem };
  }
  const failures: CriterionVerdict[] = [];
  const came: Pick<CriterionVerdict, 'value' | 'pattern'> = {};
  try {
    const { template } = criterion;
    const pattern = template === undefined ? criterion.pattern : renderPattern(template, { ...seen, st2kv: {} });
    came.pattern = pattern;
    const value = lookUp(criterion.path, seen);
    came.value = value;
    const context = criterion.operatorName === 'search' ? searching(criterion, options, failures) : options;
    const matched = criterion.operator(value, pattern, context);
    // A child criterion that failed counts as one that does not match, and is told only where that left no match.
    const [failure] = failures;
    return !matched && failure ? { ...failure, ...came, key, matched } : { key, matched, ...came };
  } catch (error) {
    return { key, matched: false, ...came, reason: messageOf(error), code: errorCode(error) ?? 'CRITERION_FAILED' };
  }
}

/** What `search` may ask beside: child criteria, whose failures are gathered. */
function searching(
  { condition }: CompiledCriterion,
  options: EvaluateOptions,
  failures: CriterionVerdict[],
): OperatorContext {
  const ask = (pattern: JsonObject, item: JsonObject): boolean[] =>
    compiledChildren(pattern).map((child) => {
      const verdict = evaluateCriterion(child, { ...item, system: {} }, options);
      if (verdict.code === 'UNKNOWN_OPERATOR') throw new EverstormError(verdict.code, verdict.reason ?? '');
      if (verdict.code !== undefined) failures.push(verdict);
      return verdict.matched;
    });
  return { ...options, ask, ...(condition === undefined ? {} : { condition }) };
}

/** A group holds, does not, or failed: where a member that failed could have decided. */
function evaluateGroup(
  { key, group, members }: CompiledGroup,
  seen: JsonObject,
  options: EvaluateOptions,
): CriterionVerdict {
  const told: CriterionVerdict[][] = [];
  let failure: CriterionVerdict | undefined;
  let decided = false;
  for (const member of members) {
    if (decided && !options.thorough) break;
    const verdicts = evaluateMember(member, seen, options);
    told.push(verdicts);
    // What is asked beyond the deciding member is for people only.
    if (decided) continue;
    const against = verdicts.find(({ matched }) => !matched);
    failure ??= against?.code === undefined ? undefined : against;
    decided = decides(group, against);
  }
  const failed = group === 'any' && decided ? undefined : failure;
  return { key, matched: !failed && holds(group, decided), members: told, ...(failed ? failureWithin(failed) : {}) };
}

/** `any` is decided by a member that holds, `all` and `not` by one that does not. */
const decides = (group: GroupKind, against: CriterionVerdict | undefined): boolean =>
  (group === 'any') === (against === undefined);
const holds = (group: GroupKind, decided: boolean): boolean => (group === 'all') !== decided;

const failureWithin = ({ key, reason, code }: CriterionVerdict): Pick<CriterionVerdict, 'reason' | 'code'> => ({
  reason: `${key}: ${reason ?? ''}`,
  ...(code === undefined ? {} : { code }),
});

/** Criteria up to the first that does not hold; all of them when thorough. */
function evaluateMember(
  criteria: readonly AnyCriterion[],
  seen: JsonObject,
  options: EvaluateOptions,
): CriterionVerdict[] {
  const verdicts: CriterionVerdict[] = [];
  for (const criterion of criteria) {
    const verdict = evaluateCriterion(criterion, seen, options);
    verdicts.push(verdict);
    if (!verdict.matched && !options.thorough) break;
  }
  return verdicts;
}

/** What a template renders to, read as JSON where it is JSON. */
function renderPattern(template: string, context: JsonObject): JsonValue {
  const rendered = renderTemplate(template, context);
  try {
    return JSON.parse(rendered) as JsonValue;
  } catch {
    return rendered;
  }
}
