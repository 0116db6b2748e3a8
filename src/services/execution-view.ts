import type { Execution } from '../model/execution';
import { executionDocument } from '../model/execution-projection';
import type { JsonObject, JsonValue } from '../model/json';
import { isJsonObject } from '../model/json';
import { maskSecrets } from '../model/masking';
import type { ExecutionState } from '../ports/executions';
import { mergedParameters } from './action-parameters';
import type { ServiceDependencies } from './context';

/** What of a run's values may be shown: secret parameters and secret fields of the result are masked. */
export function shownValues({ input, result }: Pick<ExecutionState, 'input' | 'result'>): {
  parameters: JsonObject;
  result?: JsonValue;
} {
  const { action, runner } = input;
  const parameters = maskSecrets(input.parameters, mergedParameters(action, runner));
  if (result === undefined) return { parameters };
  return { parameters, result: isJsonObject(result) ? maskSecrets(result, action.output_schema) : result };
}

/** An execution as Temporal keeps it, as StackStorm's document. */
export function documentOfState(state: ExecutionState, webUiBase: string): Execution {
  const { input, status, startedAt, endedAt, context, log, runnerInfo } = state;
  const { executionId, action, runner, triggerRef, delayMs } = input;
  return executionDocument(
    {
      executionId,
      action,
      runner,
      ...shownValues(state),
      context,
      ...(triggerRef !== undefined && { triggerRef }),
      ...(delayMs !== undefined && { delayMs }),
      status,
      startedAt,
      ...(endedAt !== undefined && { endedAt }),
      ...(runnerInfo && { runnerInfo }),
      log,
    },
    webUiBase,
  );
}

const asJson = (document: object): JsonObject => document as JsonObject;

/** StackStorm embeds the full documents of what led to an execution; the history only names them. What is gone stays as it was named. */
export async function withCause({ store }: ServiceDependencies, execution: Execution): Promise<Execution> {
  const { trigger_instance: cause, rule } = execution.context;
  if (!cause) return execution;
  const { definitions, triggerInstances } = store;
  const [instance, ruleDocument] = await Promise.all([
    triggerInstances.get(cause.id),
    rule ? definitions.get('rule', rule.ref) : null,
  ]);
  const trigger = instance ? await definitions.get('trigger', instance.trigger) : null;
  const type = trigger ? await definitions.get('trigger_type', trigger.type) : null;
  const shownInstance = instance && {
    id: instance.id,
    trigger: instance.trigger,
    occurrence_time: instance.occurredAt,
    status: instance.status,
  };
  return {
    ...execution,
    ...(shownInstance && { trigger_instance: shownInstance }),
    ...(ruleDocument && { rule: asJson(ruleDocument) }),
    ...(trigger && { trigger: asJson(trigger) }),
    ...(type && { trigger_type: asJson(type) }),
  };
}
