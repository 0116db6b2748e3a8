import type { JsonValue } from '../../../src/model/json';
import { isJsonObject } from '../../../src/model/json';
import type { RunActionInput } from '../../contract';
import { pyStr } from '../../../src/model/python-text';

/** The platform's own variables; they hold addresses and keys that are none of an action's business. */
const PLATFORM = /^(EVERSTORM_|DATABASE_URL$|PG[A-Z]+$|TEMPORAL_|KAFKA_|NODE_OPTIONS$)/;
/** Set by users, this would load their modules into the Python of another pack; StackStorm refuses it as well. */
const REFUSED = new Set(['PYTHONPATH']);

/** What actions inherit of the worker's environment: all but the platform's own variables. */
export function inheritable(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !PLATFORM.test(name));
  return Object.fromEntries(kept) as Record<string, string>;
}

function given(env: JsonValue | undefined): Record<string, string> {
  if (!isJsonObject(env)) return {};
  return Object.fromEntries(
    Object.entries(env)
      .filter(([name, value]) => !REFUSED.has(name) && value !== null)
      .map(([name, value]) => [name, pyStr(value)]),
  );
}

export interface EnvironmentSources {
  /** What the worker passes on; see {@link inheritable}. */
  base: Readonly<Record<string, string>>;
  /** Base URL of the API, without a version. */
  apiUrl: string;
}

/** An action's environment: the worker's, then the `env` parameter, then StackStorm's ST2_ACTION_* variables. */
export function actionEnvironment(run: RunActionInput, { base, apiUrl }: EnvironmentSources): Record<string, string> {
  return {
    ...base,
    ...given(run.runnerParameters['env']),
    ST2_ACTION_PACK_NAME: run.input.action.pack,
    ST2_ACTION_EXECUTION_ID: run.executionId,
    ST2_ACTION_API_URL: `${apiUrl}/v1`,
    ST2_ACTION_DEBUG: run.runnerParameters['debug'] === true ? 'True' : 'False',
  };
}
