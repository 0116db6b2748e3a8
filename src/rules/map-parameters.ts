import { renderLiveParameters } from '../expressions/parameters';
import type { Action } from '../model/action';
import type { ExecutionContext } from '../model/execution';
import type { JsonObject } from '../model/json';
import type { Rule } from '../model/rule';
import type { RunnerType } from '../model/runner-type';

/**
 * The parameters a matched rule starts its action with: the rule's own, rendered with the event's payload as `trigger` and cast by the
 * action's schema. Throws EXPRESSION_SYNTAX, EXPRESSION_FAILED, EXPRESSION_BOUND, INVALID_PARAMETERS, each with `details.field`.
 */
export function mapParameters(args: {
  rule: Rule;
  payload: JsonObject;
  action: Action;
  runner: RunnerType;
  executionContext: ExecutionContext;
  config?: JsonObject;
}): JsonObject {
  return renderLiveParameters({
    parameters: args.rule.action.parameters,
    action: args.action,
    runner: args.runner,
    context: {
      action_context: args.executionContext,
      config_context: args.config ?? {},
      trigger: args.payload,
    },
  });
}
