import type { Action } from '../model/action';
import type { JsonObject } from '../model/json';
import type { ParameterSchema, ParameterSchemas } from '../model/parameter-schema';
import type { RunnerType } from '../model/runner-type';
import { EverstormError } from '../model/errors';
import { validateParameters } from './schema-validation';

/** Attributes that an action may change of a runner's parameter; StackStorm's. */
const OVERRIDABLE = ['default', 'description', 'enum', 'immutable', 'required'] as const;

function override(runner: ParameterSchema, action: ParameterSchema): ParameterSchema {
  const changes = OVERRIDABLE.filter((name) => action[name] !== undefined).map((name) => [name, action[name]]);
  return { ...runner, ...(Object.fromEntries(changes) as Partial<ParameterSchema>) };
}

/** Parameters of an action as a caller sees them: the runner's, overridden and extended by the action's. */
export function mergedParameters(action: Action, runner: RunnerType): ParameterSchemas {
  const merged = new Map<string, ParameterSchema>(Object.entries(runner.runner_parameters));
  for (const [name, schema] of Object.entries(action.parameters)) {
    const inherited = merged.get(name);
    merged.set(name, inherited ? override(inherited, schema) : schema);
  }
  return Object.fromEntries(merged);
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
