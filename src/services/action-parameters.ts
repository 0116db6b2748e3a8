import { mergedSchema } from '../expressions/parameters/schema';
import type { Action } from '../model/action';
import { EverstormError } from '../model/errors';
import type { JsonObject } from '../model/json';
import type { ParameterSchemas } from '../model/parameter-schema';
import type { RunnerType } from '../model/runner-type';
import { validateParameters } from './schema-validation';

/** Parameters of an action as a caller sees them: the runner's, overridden and extended by the action's. */
export function mergedParameters(action: Action, runner: RunnerType): ParameterSchemas {
  return Object.fromEntries(mergedSchema(action, runner));
}

/** Throws INVALID_PARAMETERS with StackStorm's text when the parameters don't fit the action. */
export function checkParameters(schemas: ParameterSchemas, parameters: JsonObject): void {
  const problem = validateParameters(schemas, parameters);
  if (problem !== null) throw new EverstormError('INVALID_PARAMETERS', problem);
  const fixed = Object.keys(parameters).filter((name) => schemas[name]?.immutable === true);
  if (fixed.length > 0) {
    throw new EverstormError(
      'INVALID_PARAMETERS',
      `Override of immutable parameter(s) ${fixed.map((name) => `'${name}'`).join(', ')} is unsupported.`,
    );
  }
}
