import { resourceId } from '../../src/model/ids';
import type { JsonObject } from '../../src/model/json';
import type { ParameterSchemas } from '../../src/model/parameter-schema';
import { RUNNER_TYPES } from '../../src/model/runner-types';
import type { RunActionInput } from '../../activities/contract';

export interface RunInputOptions {
  runner: string;
  ref?: string;
  entryPoint?: string;
  packPath?: string;
  schemas?: ParameterSchemas;
  actionParameters?: JsonObject;
}

/** Input of an action's run as the workflow hands it over, with the runner's defaults filled in. */
export function runInput(runnerParameters: JsonObject, options: RunInputOptions): RunActionInput {
  const entry = RUNNER_TYPES.get(options.runner);
  if (entry === undefined) throw new Error(`no runner type ${options.runner}`);
  const ref = options.ref ?? 'core.sample';
  const [pack = 'core', name = 'sample'] = ref.split('.');
  const defaults = Object.entries(entry.type.runner_parameters).filter(([, schema]) => schema.default !== undefined);
  return {
    executionId: resourceId(ref),
    runningSequence: 1,
    runnerParameters: {
      ...(Object.fromEntries(defaults.map(([key, { default: value }]) => [key, value])) as JsonObject),
      ...runnerParameters,
    },
    actionParameters: options.actionParameters ?? {},
    input: {
      executionId: resourceId(ref),
      action: {
        id: resourceId(ref),
        uid: `action:${pack}:${name}`,
        ref,
        name,
        pack,
        description: '',
        enabled: true,
        runner_type: options.runner,
        entry_point: options.entryPoint ?? '',
        parameters: options.schemas ?? {},
        output_schema: {},
        tags: [],
        notify: {},
        metadata_file: '',
      },
      runner: entry.type,
      parameters: {},
      context: { user: 'stanley', pack },
      packPath: options.packPath ?? '/nonexistent',
    },
  };
}
