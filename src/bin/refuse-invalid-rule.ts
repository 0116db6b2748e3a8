import { EverstormError } from '../model/errors';
import type { Rule } from '../model/rule';
import { validateRule } from '../rules/validate';

/** Throws for the first problem of a rule's criteria or mapping, naming the field. */
export function refuseInvalidRule(rule: Rule): void {
  const [problem] = validateRule(rule);
  if (problem) throw new EverstormError('INVALID_DEFINITION', problem.message, { field: problem.field });
}
