import { compileTemplate, isTemplate } from '../expressions';
import { errorCode, messageOf } from '../model/errors';
import type { ErrorCode } from '../model/errors';
import { isJsonObject } from '../model/json';
import type { JsonObject, JsonValue } from '../model/json';
import type { Rule } from '../model/rule';
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
  condition?: string;
}

/** A rule ready to evaluate. A criterion that can't be compiled holds its problem instead: the rule fails visibly when it is reached. */
export interface CompiledRule {
  rule: Rule;
  backstop: boolean;
  criteria: readonly (CompiledCriterion | BrokenCriterion)[];
}
export interface BrokenCriterion {
  key: string;
  /** `no-match`: StackStorm lets such a criterion just not match. */
  problem: { code: ErrorCode; reason: string } | 'no-match';
}

/** Compiles a rule. Never throws: one bad rule must not stop the others. */
export function compileRule(rule: Rule): CompiledRule {
  return { rule, backstop: rule.type.ref === 'backstop', criteria: compileCriteria(rule.criteria) };
}

const children = new WeakMap<JsonObject, Criteria>();

/** The child criteria of a `search`, compiled once for each pattern. */
export function compiledChildren(pattern: JsonObject): Criteria {
  const known = children.get(pattern);
  if (known) return known;
  const compiled = compileCriteria(pattern as unknown as Rule['criteria']);
  children.set(pattern, compiled);
  return compiled;
}

type Criteria = CompiledRule['criteria'];

function compileCriteria(criteria: Rule['criteria']): Criteria {
  return Object.entries(criteria).map(([key, criterion]) => {
    try {
      return compileCriterion(key, criterion);
    } catch (error) {
      return { key, problem: { code: errorCode(error) ?? 'INTERNAL', reason: messageOf(error) } };
    }
  });
}

function compileCriterion(key: string, criterion: Rule['criteria'][string]): CompiledCriterion | BrokenCriterion {
  if (!isJsonObject(criterion) || !criterion.type) return { key, problem: 'no-match' };
  const operator = operatorNamed(criterion.type);
  if (!operator) return { key, problem: { code: 'UNKNOWN_OPERATOR', reason: `unknown operator ${criterion.type}` } };
  const pattern = (criterion.pattern ?? null) as JsonValue;
  const templated = typeof pattern === 'string' && isTemplate(pattern);
  if (templated) compileTemplate(pattern);
  return {
    key,
    path: compilePath(key),
    operatorName: criterion.type.toLowerCase(),
    operator,
    pattern,
    templated,
    ...(criterion.condition === undefined ? {} : { condition: criterion.condition }),
  };
}
