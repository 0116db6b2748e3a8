import type { LoggedEvent } from '../../model/event';
import { EverstormError } from '../../model/errors';
import { executionIdForEvent } from '../../model/ids';
import { remembers } from '../../model/rule';
import type { Rule, RuleEnforcement } from '../../model/rule';
import { compileRule } from '../../rules/compile';
import { evaluateRule } from '../../rules/evaluate';
import type { Verdict } from '../../rules/evaluate';
import type { ServiceDependencies } from '../context';
import type { CompiledDefinitions } from '../definition-cache';
import { compileDefinitions } from '../definition-changes';
import { found, noSuchReference } from '../not-found';
import { checkPayload } from '../payload-check';
import { enactVerdict } from '../rule-service/handle-event';

/** What a rule made of an event. */
export interface RuleAnswer {
  kind: Verdict['kind'];
  /** What stands recorded for (rule, event); null when the rule does not match. */
  enforcement: RuleEnforcement | null;
}

/** One rule, ready to be asked about events. */
export interface AskedRule {
  rule: Rule;
  /**
   * Evaluates the event against this rule alone, enacts the verdict as the rule service would and records it. Asked again it starts nothing
   * twice. Throws INVALID_REQUEST for an event of another trigger, UNKNOWN_TRIGGER, INVALID_PAYLOAD, UNAVAILABLE.
   */
  ask(event: LoggedEvent): Promise<RuleAnswer>;
}

type Dependencies = Pick<ServiceDependencies, 'store' | 'executions' | 'runnerTypes' | 'now' | 'debug'>;

/** Throws NOT_FOUND, INVALID_REQUEST for a rule that is disabled or remembers events. The definitions are read once, for all events that are asked about. */
export async function askRule(ruleRefOrId: string, deps: Dependencies): Promise<AskedRule> {
  const { definitions } = deps.store;
  const rule = found(await definitions.get('rule', ruleRefOrId), noSuchReference(ruleRefOrId));
  if (!rule.enabled) throw refuse(`rule: ${rule.ref} is disabled`);
  if (remembers(rule)) throw refuse(`rule: ${rule.ref} decides by other events too (when, guard)`);
  const compiled = compileRule(rule);
  const known = compileDefinitions({ ...(await definitions.snapshot()), rules: [] });
  return {
    rule,
    ask: async (event) => {
      if (rule.trigger.ref !== event.trigger)
        throw refuse(`rule: ${rule.ref} sees events of ${rule.trigger.ref}, this one is of ${event.trigger}`);
      await checkPayload(definitions, event.trigger, event.payload);
      const verdict = evaluateRule(compiled, event.payload, { now: deps.now() });
      return { kind: verdict.kind, enforcement: await enact(verdict, event, known, deps) };
    },
  };
}

async function enact(
  verdict: Verdict,
  event: LoggedEvent,
  definitions: CompiledDefinitions,
  { store, executions, runnerTypes, now, debug }: Dependencies,
): Promise<RuleEnforcement | null> {
  const executionId = executionIdForEvent(verdict.rule.uid, event.source, event.eventId);
  const made = await enactVerdict(
    verdict,
    { event, definitions, judgedAt: now() },
    {
      known: await store.enforcements.known([executionId]),
      options: {
        executions,
        now,
        runnerType: (name) => runnerTypes.find((type) => type.name === name),
        ...(debug ? { debug } : {}),
      },
    },
  );
  if (made) await store.enforcements.record([made]);
  return verdict.kind === 'not-matched' ? null : (made ?? store.enforcements.get(executionId));
}

const refuse = (text: string): EverstormError => new EverstormError('INVALID_REQUEST', text, { field: 'rule' });
