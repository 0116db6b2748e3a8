import { EverstormError, messageOf } from '../model/errors';
import type { ErrorCode } from '../model/errors';
import type { LoggedEvent } from '../model/event';
import { isId } from '../model/ids';
import type { JsonObject } from '../model/json';
import { maskSecrets } from '../model/masking';
import type { Principal } from '../model/principal';
import type { Rule, RuleEnforcement } from '../model/rule';
import { compileRule } from '../rules/compile';
import { explainRule } from '../rules/explain';
import type { CriterionExplanation } from '../rules/explain';
import { mapParameters } from '../rules/map-parameters';
import { likelyFacts } from '../rules/remember';
import { mergedParameters } from './action-parameters';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { explainMemory, memoryOutcome } from './explain-memory';
import type { Memory } from './explain-memory';
import { found, noSuchId, noSuchReference } from './not-found';
import { executionContext } from './rule-service/enforce';

/** What a rule says of an event, besides what its criteria say. */
export type RuleOutcome =
  | 'matched'
  | 'not-matched'
  | 'failed'
  | 'disabled'
  | 'other-trigger'
  | 'suppressed-by-standard-rules'
  /** Held back by the rule's storm guard. */
  | 'suppressed'
  /** Matched, and kept in mind: nothing was started for this event. */
  | 'remembered';

/** Why a rule did or did not start something for an event: by the rule as it is now, at the time of the event. */
export interface RuleExplanation {
  rule: { ref: string; id: string; type: string; enabled: boolean; mode?: 'shadow' };
  trigger_instance: { id: string; trigger: string; occurrence_time: string };
  outcome: RuleOutcome;
  reason?: string;
  code?: ErrorCode;
  criteria: CriterionExplanation[];
  action: string;
  /** Of a rule that matches: what the action would be given, secrets masked. */
  parameters?: JsonObject;
  /** Of a rule that matches and can't start its action. */
  parameters_error?: string;
  /** What was recorded when the event came by; `rule_set_version` tells of which state of the rules. */
  enforcement?: RuleEnforcement;
  execution?: { id: string; status: string };
  /** Of a rule with a time condition or a guard. */
  memory?: Memory;
}

/** What all rules of its trigger say of an event. */
export interface InstanceExplanation {
  trigger_instance: RuleExplanation['trigger_instance'];
  /** Those that matched first, then failed, nearly matched (one criterion said no), and the rest. */
  rules: (Pick<RuleExplanation, 'rule' | 'outcome' | 'reason' | 'enforcement' | 'execution'> & {
    /** Keys of the criteria that did not match. */
    against: string[];
    nearly: boolean;
  })[];
}

export interface ExplanationService {
  /** Throws NOT_FOUND, INVALID_REQUEST when the event's payload is no longer kept. */
  rule(principal: Principal, ruleRefOrId: string, instanceId: string): Promise<RuleExplanation>;
  instance(principal: Principal, instanceId: string): Promise<InstanceExplanation>;
}

type Dependencies = Pick<ServiceDependencies, 'store' | 'events' | 'executions' | 'shards' | 'runnerTypes'>;
const ORDER: readonly RuleOutcome[] = [
  'matched',
  'failed',
  'suppressed',
  'remembered',
  'suppressed-by-standard-rules',
  'not-matched',
  'disabled',
  'other-trigger',
];

export function createExplanationService({
  store,
  events,
  executions,
  shards,
  runnerTypes,
}: Dependencies): ExplanationService {
  const { definitions, enforcements, triggerInstances } = store;

  const eventOf = async (id: string): Promise<LoggedEvent> => {
    const event = isId(id) ? await events.read(id) : null;
    if (event) return event;
    found(isId(id) ? await triggerInstances.get(id) : null, noSuchId(id));
    throw new EverstormError('INVALID_REQUEST', `The payload of trigger instance "${id}" is no longer kept.`, {
      field: 'trigger_instance',
    });
  };

  const rulesOf = async (trigger: string): Promise<Rule[]> =>
    (await definitions.list('rule', { limit: -1, offset: 0, where: { 'trigger.ref': trigger } })).rows;

  /** What the action would be given. */
  const parametersOf = async (
    rule: Rule,
    event: LoggedEvent,
  ): Promise<Pick<RuleExplanation, 'parameters' | 'parameters_error'>> => {
    const action = await definitions.get('action', rule.action.ref);
    const runner = runnerTypes.find(({ name }) => name === action?.runner_type);
    if (!action || !runner) return { parameters_error: `Action "${rule.action.ref}" cannot be found.` };
    const condition = likelyFacts(rule, event.payload, event.occurredAt);
    try {
      const parameters = mapParameters({
        ...{ rule, payload: event.payload, action, runner },
        executionContext: { ...executionContext(rule, event, action), ...(condition ? { condition } : {}) },
      });
      return { parameters: maskSecrets(parameters, mergedParameters(action, runner)) };
    } catch (error) {
      return { parameters_error: messageOf(error) };
    }
  };

  const recorded = async (
    rule: Rule,
    event: LoggedEvent,
  ): Promise<Pick<RuleExplanation, 'enforcement' | 'execution'>> => {
    const query = { limit: 1, offset: 0, rule_id: rule.id, trigger_instance: event.instanceId };
    const [enforcement] = (await enforcements.list(query)).rows;
    const id = enforcement?.execution_id;
    // The row follows Temporal within a moment; Temporal knows at once.
    const execution = id === undefined ? null : ((await store.executions.get(id)) ?? (await executions.get(id)));
    return {
      ...(enforcement ? { enforcement } : {}),
      ...(id !== undefined && execution ? { execution: { id, status: execution.status } } : {}),
    };
  };

  /** The verdict alone; a backstop rule's also depends on the first standard rule that matches. */
  const judged = (
    rule: Rule,
    event: LoggedEvent,
    standard: Rule | undefined,
  ): Pick<RuleExplanation, 'outcome' | 'reason' | 'code' | 'criteria'> => {
    const { kind, ...explanation } = explained(rule, event);
    if (rule.trigger.ref !== event.trigger)
      return {
        ...explanation,
        outcome: 'other-trigger',
        reason: `the event is of ${event.trigger}, the rule sees ${rule.trigger.ref}`,
      };
    if (!rule.enabled) return { ...explanation, outcome: 'disabled', reason: 'the rule is disabled' };
    if (standard && isBackstop(rule))
      return {
        ...explanation,
        outcome: 'suppressed-by-standard-rules',
        reason: `standard rule ${standard.ref} matches, so no backstop rule is asked`,
      };
    return { ...explanation, outcome: kind };
  };

  return {
    rule: async (principal, ruleRefOrId, instanceId) => {
      const rule = found(await definitions.get('rule', ruleRefOrId), noSuchReference(ruleRefOrId));
      authorise(principal, 'rule_view', rule.uid);
      authorise(principal, 'trigger_view', instanceId);
      const event = await eventOf(instanceId);
      const standard = isBackstop(rule) ? matchingStandard(await rulesOf(event.trigger), event) : undefined;
      const verdict = judged(rule, event, standard);
      const matched = verdict.outcome === 'matched';
      const record = await recorded(rule, event);
      return {
        rule: briefly(rule),
        trigger_instance: placeOf(event),
        ...verdict,
        action: rule.action.ref,
        ...(matched ? await parametersOf(rule, event) : {}),
        ...(matched ? await explainMemory(rule, event, { shards, enforcement: record.enforcement }) : {}),
        ...record,
      };
    },
    instance: async (principal, instanceId) => {
      authorise(principal, 'trigger_view', instanceId);
      const event = await eventOf(instanceId);
      const rules = await rulesOf(event.trigger);
      const standard = rules.some(isBackstop) ? matchingStandard(rules, event) : undefined;
      const rows = await Promise.all(
        rules.map(async (rule) => {
          const { criteria, ...verdict } = judged(rule, event, standard);
          const record = await recorded(rule, event);
          const { outcome, reason } = {
            ...verdict,
            ...(verdict.outcome === 'matched'
              ? memoryOutcome(rule, record.enforcement, 'kept in mind; nothing was started for this event')
              : {}),
          };
          const against = criteria.filter(({ matched }) => !matched).map(({ key }) => key);
          return {
            rule: briefly(rule),
            outcome,
            ...(reason === undefined ? {} : { reason }),
            against,
            nearly: outcome === 'not-matched' && against.length === 1 && criteria.length > 1,
            ...record,
          };
        }),
      );
      return { trigger_instance: placeOf(event), rules: rows.sort(byInterest) };
    },
  };
}

const briefly = ({ ref, id, type, enabled, mode }: Rule): RuleExplanation['rule'] => ({
  ...{ ref, id, type: type.ref, enabled },
  ...(mode === undefined ? {} : { mode }),
});

const placeOf = ({ instanceId, trigger, occurredAt }: LoggedEvent): RuleExplanation['trigger_instance'] => ({
  id: instanceId,
  trigger,
  occurrence_time: occurredAt,
});

const isBackstop = (rule: Rule): boolean => rule.type.ref === 'backstop';

const explained = (rule: Rule, { payload, occurredAt }: LoggedEvent): ReturnType<typeof explainRule> =>
  explainRule(compileRule(rule), payload, { now: Date.parse(occurredAt) });

const matchingStandard = (rules: readonly Rule[], event: LoggedEvent): Rule | undefined =>
  rules.find(
    (rule) => rule.enabled && rule.mode !== 'shadow' && !isBackstop(rule) && explained(rule, event).kind === 'matched',
  );

type Explained = InstanceExplanation['rules'][number];
function byInterest(a: Explained, b: Explained): number {
  const rank = ({ outcome, nearly }: Explained): number => ORDER.indexOf(outcome) * 2 + (nearly ? 0 : 1);
  return rank(a) - rank(b) || a.against.length - b.against.length;
}
