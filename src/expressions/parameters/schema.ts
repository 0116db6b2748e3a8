import type { Action } from '../../model/action';
import type { ParameterSchema, ParameterSchemas } from '../../model/parameter-schema';
import type { RunnerType } from '../../model/runner-type';

/** What an action may change of a runner's parameter of the same name; the rest stays the runner's (StackStorm's rule). */
const OVERRIDABLE = ['default', 'description', 'enum', 'immutable', 'required'] as const;

/** Parameters of a runner and an action as one schema. */
export function mergedSchema(action: Action, runner: RunnerType): Map<string, ParameterSchema> {
  const merged = new Map<string, ParameterSchema>(Object.entries(runner.runner_parameters));
  for (const [name, schema] of Object.entries(action.parameters)) {
    const inherited = merged.get(name);
    merged.set(name, inherited ? overridden(inherited, schema) : schema);
  }
  return merged;
}

function overridden(inherited: ParameterSchema, own: ParameterSchema): ParameterSchema {
  const result: Record<string, unknown> = { ...inherited };
  for (const attribute of OVERRIDABLE) {
    if (Object.hasOwn(own, attribute) && own[attribute] !== undefined) result[attribute] = own[attribute];
  }
  return result as ParameterSchema;
}

export const isRunnerParameter = (schemas: ParameterSchemas, name: string): boolean => Object.hasOwn(schemas, name);
