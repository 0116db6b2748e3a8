import type { JsonObject } from './json';
import type { ParameterSchemas } from './parameter-schema';

/** A kind of action runner, in StackStorm's API shape. The table of them is data in runner-types.ts. */
export interface RunnerType {
  id: string;
  uid: string;
  name: string;
  description: string;
  enabled: boolean;
  runner_package: string;
  runner_module: string;
  runner_parameters: ParameterSchemas;
  output_key?: string;
  output_schema: JsonObject;
}

/** What an operator decided about a runner type; one exists only once somebody switched the runner. The rest of a type is the program's. */
export interface RunnerSetting {
  id: string;
  uid: string;
  /** Name of the runner type. */
  ref: string;
  enabled: boolean;
}

/** What Everstorm must know of a runner beyond StackStorm's document. */
export interface RunnerTraits {
  /** Runs without effects may be run again when their worker was lost (design, guarantee 4). */
  effectFree: boolean;
  /** The action is itself a workflow. */
  workflow: boolean;
}
