import { resourceId } from './ids';
import type { JsonObject } from './json';
import type { ParameterSchemas } from './parameter-schema';
import { uid } from './refs';
import type { RunnerTraits, RunnerType } from './runner-type';

export interface RunnerTypeEntry {
  type: RunnerType;
  traits: RunnerTraits;
}

interface Definition {
  name: string;
  description: string;
  /** StackStorm's Python module; clients show it. */
  module: string;
  /** Default: the module. */
  package?: string;
  parameters: ParameterSchemas;
  outputKey?: string;
  outputSchema?: JsonObject;
  traits?: Partial<RunnerTraits>;
}

/** A runner type from its definition; without traits it has effects and is no workflow. */
export function define(definition: Definition): RunnerTypeEntry {
  const identity = uid('runner_type', definition.name);
  return {
    type: {
      id: resourceId(identity),
      uid: identity,
      name: definition.name,
      description: definition.description,
      enabled: true,
      runner_package: definition.package ?? definition.module,
      runner_module: definition.module,
      runner_parameters: definition.parameters,
      ...(definition.outputKey === undefined ? {} : { output_key: definition.outputKey }),
      output_schema: definition.outputSchema ?? {},
    },
    traits: { effectFree: false, workflow: false, ...definition.traits },
  };
}

/** JSON schema of "anything" as StackStorm's runner documents spell it. */
export const ANYTHING: JsonObject[] = ['object', 'string', 'integer', 'number', 'boolean', 'array', 'null'].map(
  (type) => ({ type }),
);
