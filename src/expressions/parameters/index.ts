import type { Action } from '../../model/action';
import type { JsonObject, JsonValue } from '../../model/json';
import type { RunnerType } from '../../model/runner-type';
import { emptyDict, setKey } from '../python/values';
import { parameterGraph } from './graph';
import { isRunnerParameter, mergedSchema } from './schema';

/** Names that parameter templates see besides their siblings. */
export interface ParameterContext {
  /** The execution's context (who, why). */
  action_context: unknown;
  /** The pack's configuration. */
  config_context: JsonObject;
  /** Stored keys by scope, `{system: {…}, user: {…}}`; what is missing renders as empty text. */
  st2kv?: unknown;
  /** The event's payload; only for what a rule starts. */
  trigger?: JsonObject;
}

export interface RenderParametersArgs {
  parameters: JsonObject;
  action: Action;
  runner: RunnerType;
  context: ParameterContext;
}

/**
 * StackStorm's "live" parameters: what was given, rendered (with siblings and their defaults in sight) and cast; nothing is filled in.
 * Throws EXPRESSION_SYNTAX, EXPRESSION_FAILED, EXPRESSION_BOUND, INVALID_PARAMETERS, each with `details.field`.
 */
export function renderLiveParameters(args: RenderParametersArgs): JsonObject {
  const { resolve } = prepare(args);
  const live = emptyDict();
  for (const name of Object.keys(args.parameters)) setKey(live, name, resolve(name));
  return live;
}

/**
 * The parameters an action runs with: those given and the defaults of all others, rendered, cast, and split by whose they are.
 * A parameter without value or default is null. A parameter of both runner and action is the runner's. Errors as {@link renderLiveParameters}.
 */
export function renderFinalParameters(args: RenderParametersArgs): {
  runnerParameters: JsonObject;
  actionParameters: JsonObject;
} {
  const { resolve, values } = prepare(args);
  const runnerParameters = emptyDict();
  const actionParameters = emptyDict();
  for (const name of values.keys()) {
    const target = isRunnerParameter(args.runner.runner_parameters, name) ? runnerParameters : actionParameters;
    setKey(target, name, resolve(name));
  }
  return { runnerParameters, actionParameters };
}

function prepare(args: RenderParametersArgs): {
  values: ReadonlyMap<string, JsonValue>;
  resolve: (name: string) => JsonValue;
} {
  const schema = mergedSchema(args.action, args.runner);
  const values = new Map<string, JsonValue>();
  for (const [name, { default: fallback }] of schema) values.set(name, fallback ?? null);
  for (const [name, value] of Object.entries(args.parameters)) values.set(name, value);
  const context = { st2kv: {}, ...args.context } as unknown as JsonObject;
  return { values, resolve: parameterGraph({ values, schema, context }).resolve };
}
