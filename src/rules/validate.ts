import { compileTemplate, isTemplate, namesIn } from '../expressions';
import { messageOf } from '../model/errors';
import type { ErrorCode } from '../model/errors';
import { groupKind } from '../model/rule';
import type { Criteria, Criterion, RuleMetadata } from '../model/rule';
import { OPERATOR_NAMES } from './operators';
import { compilePath } from './payload-path';

/** Something wrong with a rule. */
export interface RuleProblem {
  code: ErrorCode;
  /** Dotted place in the document, e.g. `criteria.trigger.body.k`. */
  field: string;
  message: string;
}

/** What StackStorm refuses in a rule at creation, and what could never be evaluated. Whether trigger and action exist is not asked here. */
export function validateRule(rule: RuleMetadata): RuleProblem[] {
  const criteria = criteriaProblems((rule.criteria ?? {}) as Criteria, 'criteria');
  const parameters = Object.entries(rule.action.parameters ?? {}).flatMap(([name, value]) => {
    const field = `action.parameters.${name}`;
    const problem = attempt(field, () => void namesIn(value));
    return problem ? [{ field, ...problem }] : [];
  });
  return [...criteria, ...parameters, ...memoryProblems(rule)];
}

/** Of a time condition and a guard: keys that are no templates, and an answer's criteria. */
function memoryProblems({ when, guard }: RuleMetadata): RuleProblem[] {
  const unless = when?.type === 'sequence' ? when.unless : null;
  const keys = { 'when.key': when?.key, 'when.unless.key': unless?.key, 'guard.key': guard?.key };
  const problems = Object.entries(keys).flatMap(([field, key]) => {
    const problem = attempt(field, () => void (key != null && isTemplate(key) && compileTemplate(key)));
    return problem ? [{ field, ...problem }] : [];
  });
  return [...problems, ...criteriaProblems((unless?.criteria ?? {}) as Criteria, 'when.unless.criteria')];
}

function criteriaProblems(criteria: Criteria, place: string): RuleProblem[] {
  return Object.entries(criteria).flatMap(([key, value]) => {
    const field = `${place}.${key}`;
    if (groupKind(key, value)) {
      const members = Array.isArray(value) ? value : [value as Criteria];
      return members.flatMap((member, index) =>
        criteriaProblems(member, Array.isArray(value) ? `${field}.${index}` : field),
      );
    }
    const problem = criterionProblem(key, value as Criterion);
    return problem ? [{ field, ...problem }] : [];
  });
}

function criterionProblem(key: string, { type, pattern }: Criterion): { code: ErrorCode; message: string } | null {
  if (!OPERATOR_NAMES.includes(type)) {
    const allowed = OPERATOR_NAMES.map((name) => `'${name}'`).join(', ');
    return {
      code: 'UNKNOWN_OPERATOR',
      message: `For field: ${key}, operator ${type} not in list of allowed operators: [${allowed}]`,
    };
  }
  if (pattern === null || pattern === undefined) {
    return { code: 'INVALID_DEFINITION', message: `For field: ${key}, no pattern specified for operator ${type}` };
  }
  return attempt(key, () => {
    compilePath(key);
    if (typeof pattern === 'string' && isTemplate(pattern)) compileTemplate(pattern);
  });
}

function attempt(key: string, work: () => void): { code: ErrorCode; message: string } | null {
  try {
    work();
    return null;
  } catch (error) {
    return { code: 'INVALID_DEFINITION', message: `For field: ${key}, ${messageOf(error)}` };
  }
}
