import { compileTemplate, isTemplate } from '../expressions';
import { errorCode, messageOf } from '../model/errors';
import type { ErrorCode } from '../model/errors';
import { isJsonObject } from '../model/json';
import type { JsonObject, JsonValue } from '../model/json';
import { groupKind } from '../model/rule';
import type { Criteria, Criterion, GroupKind, Rule } from '../model/rule';
import { operatorNamed } from './operators';
import type { Operator } from './operators/operator';
import { compilePath } from './payload-path';
import type { Path } from './payload-path';

export interface CompiledCriterion {
  /** As written in the rule. */
  key: string;
  path: Path;
  /** Lower case. */
  operatorName: string;
  operator: Operator;
  pattern: JsonValue;
  /** The pattern is a template. */
  templated: boolean;
  /** The template to render for it. */
  template?: string;
  condition?: string;
}

/** A rule ready to evaluate. A criterion that can't be compiled holds its problem instead: the rule fails visibly when it is reached. */
export interface CompiledRule {
  rule: Rule;
  /** Of the rule; here because they are looked at for every event. */
  enabled: boolean;
  trigger: string;
  backstop: boolean;
  criteria: readonly AnyCriterion[];
}
export type AnyCriterion = CompiledCriterion | BrokenCriterion | CompiledGroup;

/** `any`, `all`, `not`: lists of criteria, each of which has to hold as a whole. `not` has one. */
export interface CompiledGroup {
  key: string;
  group: GroupKind;
  members: readonly (readonly AnyCriterion[])[];
}
export interface BrokenCriterion {
  key: string;
  /** `no-match`: StackStorm lets such a criterion just not match. */
  problem: { code: ErrorCode; reason: string } | 'no-match';
}

/** Compiles a rule. Never throws: one bad rule must not stop the others. */
export function compileRule(rule: Rule): CompiledRule {
  const { enabled, trigger } = rule as Partial<Rule>;
  return {
    rule,
    enabled: enabled === true,
    trigger: trigger?.ref ?? '',
    backstop: rule.type.ref === 'backstop',
    criteria: compileCriteria(rule.criteria),
  };
}

const children = new WeakMap<JsonObject, Compiled>();

/** The child criteria of a `search`, compiled once for each pattern. */
export function compiledChildren(pattern: JsonObject): Compiled {
  const known = children.get(pattern);
  if (known) return known;
  const compiled = compileCriteria(pattern as unknown as Rule['criteria']);
  children.set(pattern, compiled);
  return compiled;
}

type Compiled = CompiledRule['criteria'];

function compileCriteria(criteria: Rule['criteria']): Compiled {
  return Object.entries(criteria).map(([key, criterion]) => {
    try {
      const group = groupKind(key, criterion);
      return group ? compileGroup(key, group, criterion) : compileCriterion(key, criterion as Criterion);
    } catch (error) {
      return { key, problem: { code: errorCode(error) ?? 'INTERNAL', reason: messageOf(error) } };
    }
  });
}

function compileGroup(key: string, group: GroupKind, value: Rule['criteria'][string]): CompiledGroup {
  const members = Array.isArray(value) ? value : [value as Criteria];
  return { key, group, members: members.map(compileCriteria) };
}

function compileCriterion(key: string, criterion: Criterion): CompiledCriterion | BrokenCriterion {
  if (!isJsonObject(criterion) || !criterion.type) return { key, problem: 'no-match' };
  const operator = operatorNamed(criterion.type);
  if (!operator) return { key, problem: { code: 'UNKNOWN_OPERATOR', reason: `unknown operator ${criterion.type}` } };
  const pattern = (criterion.pattern ?? null) as JsonValue;
  const templated = typeof pattern === 'string' && isTemplate(pattern);
  return {
    key,
    path: compilePath(key),
    operatorName: criterion.type.toLowerCase(),
    operator,
    pattern,
    templated,
    ...(templated && { template: templateOf(pattern) }),
    ...(criterion.condition === undefined ? {} : { condition: criterion.condition }),
  };
}

/**
 * StackStorm writes `| to_complex` behind a pattern's lone expression and reads the text back as JSON, falling back to the text.
 * The filter binds to the last operand only, which rules can tell; so the same is done here.
 */
function templateOf(pattern: string): string {
  const lone = compileTemplate(pattern).lone !== null;
  return lone ? pattern.replace(/\s*[-+]?\}\}\s*$/, ' | to_complex }}') : pattern;
}
