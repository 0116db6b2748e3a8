import type { ParameterSchemas } from '../model/parameter-schema';
import type { PackProblem } from './problem';
import { problem } from './problem';

/** StackStorm's rule: the `position`s of an action's parameters are unique and run from 0 without a gap. */
export function positionProblems(file: string, parameters: ParameterSchemas): PackProblem[] {
  const taken = new Map<number, string>();
  const problems: PackProblem[] = [];
  for (const [name, schema] of Object.entries(parameters)) {
    if (schema.position === undefined) continue;
    const holder = taken.get(schema.position);
    if (holder === undefined) taken.set(schema.position, name);
    else
      problems.push(problem(file, `parameters.${name}.position`, `position ${schema.position} is taken by ${holder}`));
  }
  const missing = [...taken.keys()].sort((a, b) => a - b).findIndex((position, index) => position !== index);
  if (missing >= 0)
    problems.push(problem(file, 'parameters', `expected positions from 0 without a gap; ${missing} is missing`));
  return problems;
}
