import type { Action } from '../../model/action';
import { errorCode, EverstormError, messageOf } from '../../model/errors';
import type { LoggedEvent } from '../../model/event';
import type { ExecutionContext, ExecutionInput } from '../../model/execution';
import {
  deduplicatedEnforcementId,
  executionIdForEvent,
  failedEnforcementId,
  shadowedEnforcementId,
  suppressedEnforcementId,
} from '../../model/ids';
import { SYSTEM_USER } from '../../model/principal';
import type { Rule, RuleEnforcement } from '../../model/rule';
import { EnforcementStatus } from '../../model/statuses';
import { mapParameters } from '../../rules/map-parameters';
import type { ConditionFacts } from '../../model/shard';
import type { CompiledDefinitions } from '../definition-cache';
import type { RuleServiceOptions } from './options';

/** A rule that matched an event; with a time condition, why that fired. */
interface Match {
  rule: Rule;
  event: LoggedEvent;
  definitions: CompiledDefinitions;
  facts?: ConditionFacts;
}

/**
 * Starts the action of a rule that matched. The result is the enforcement to record, `failed` with its reason when the action can't be
 * started at all; null when the same event has it recorded already. An execution that is `known` (id → trigger instance it was started for) is
 * never started, also when Temporal has forgotten it. Throws only what trying again can help (retryable errors): then nothing is decided yet.
 */
export async function enforce(
  match: Match & { known: ReadonlyMap<string, string> },
  options: Pick<RuleServiceOptions, 'executions' | 'runnerType' | 'now'>,
): Promise<RuleEnforcement | null> {
  const { rule, event, definitions } = match;
  const enforcedAt = new Date(options.now()).toISOString();
  const version = definitions.version;
  const executionId = executionIdForEvent(rule.uid, event.source, event.eventId);
  const startedFor = match.known.get(executionId);
  if (startedFor === event.instanceId) return null;
  const started = (duplicate: boolean): RuleEnforcement => ({
    ...enforcementOf(rule, event, { enforcedAt, version }),
    id: duplicate ? deduplicatedEnforcementId(executionId, event.instanceId) : executionId,
    execution_id: executionId,
    status: duplicate ? EnforcementStatus.deduplicated : EnforcementStatus.succeeded,
  });
  if (startedFor !== undefined) return started(true);
  let input: ExecutionInput;
  try {
    input = executionInput(match, options);
  } catch (error) {
    return failedEnforcement(rule, event, { reason: messageOf(error), enforcedAt, version });
  }
  try {
    const outcome = await options.executions.start(input);
    return started(outcome.kind === 'already-started' && outcome.triggerInstanceId !== event.instanceId);
  } catch (error) {
    if (isRetryable(error)) throw error;
    return failedEnforcement(rule, event, { reason: messageOf(error), enforcedAt, version });
  }
}

/** Errors that are not ours are a dependency's or a defect: the batch is tried again rather than an event dropped. */
export function isRetryable(error: unknown): boolean {
  const code = errorCode(error);
  return code === null || new EverstormError(code, '').retryable;
}

/** Enforcement of a rule that failed before an execution existed. */
export function failedEnforcement(
  rule: Rule,
  event: LoggedEvent,
  why: { reason: string; enforcedAt: string; version: number },
): RuleEnforcement {
  return {
    ...enforcementOf(rule, event, why),
    id: failedEnforcementId(rule.uid, event.instanceId),
    failure_reason: why.reason,
    status: EnforcementStatus.failed,
  };
}

/** Enforcement of an event that the rule's storm guard held back. */
export function suppressedEnforcement(
  rule: RuleEnforcement['rule'],
  instanceId: string,
  why: { reason: string; enforcedAt: string; version: number },
): RuleEnforcement {
  return {
    id: suppressedEnforcementId(rule.uid, instanceId),
    trigger_instance_id: instanceId,
    rule: { ref: rule.ref, id: rule.id, uid: rule.uid },
    enforced_at: why.enforcedAt,
    rule_set_version: why.version,
    failure_reason: why.reason,
    status: EnforcementStatus.suppressed,
  };
}

/** Enforcement of a rule in shadow mode that matched: nothing was started. */
export function shadowedEnforcement(
  rule: Rule,
  event: LoggedEvent,
  made: { enforcedAt: string; version: number },
): RuleEnforcement {
  return {
    ...enforcementOf(rule, event, made),
    id: shadowedEnforcementId(rule.uid, event.instanceId),
    status: EnforcementStatus.shadowed,
  };
}

function enforcementOf(
  rule: Rule,
  event: LoggedEvent,
  { enforcedAt, version }: { enforcedAt: string; version: number },
): Omit<RuleEnforcement, 'id' | 'status'> {
  return {
    trigger_instance_id: event.instanceId,
    rule: { ref: rule.ref, id: rule.id, uid: rule.uid },
    enforced_at: enforcedAt,
    rule_set_version: version,
  };
}

/** What the rule's action is started with for an event. Throws errors of the catalogue: no retry can help. */
export function executionInput(
  { rule, event, definitions, facts }: Match,
  { runnerType }: Pick<RuleServiceOptions, 'runnerType'>,
): ExecutionInput {
  const action = definitions.actions.get(rule.action.ref);
  if (!action) throw new EverstormError('UNKNOWN_ACTION', `Action "${rule.action.ref}" cannot be found.`);
  if (!action.enabled) throw new EverstormError('ACTION_DISABLED', `Action "${action.ref}" is disabled.`);
  const runner = runnerType(action.runner_type);
  if (!runner) throw new EverstormError('UNKNOWN_RUNNER', `Runner type "${action.runner_type}" cannot be found.`);
  if (definitions.disabledRunners.has(runner.name)) {
    throw new EverstormError('RUNNER_DISABLED', `Runner type "${runner.name}" is disabled.`);
  }
  const context = { ...executionContext(rule, event, action), ...(facts === undefined ? {} : { condition: facts }) };
  return {
    executionId: executionIdForEvent(rule.uid, event.source, event.eventId),
    action,
    runner,
    parameters: mapParameters({ rule, payload: event.payload, action, runner, executionContext: context }),
    context,
    triggerRef: event.trigger,
    packPath: definitions.packs.get(action.pack)?.path ?? '',
  };
}

/** Who and why of an execution that a rule starts; its parameters' templates see it as `action_context`. */
export const executionContext = (rule: Rule, event: LoggedEvent, action: Action): ExecutionContext => ({
  user: SYSTEM_USER,
  pack: action.pack,
  trigger_instance: { id: event.instanceId, name: event.trigger },
  rule: { id: rule.id, ref: rule.ref, uid: rule.uid, name: rule.name },
  trace_context: event.traceTag === undefined ? {} : { trace_tag: event.traceTag },
});
