import { EverstormError } from '../model/errors';
import { triggersOf } from '../model/rule';
import type { Rule } from '../model/rule';
import { CRON_TIMER_TYPE } from '../model/trigger';
import { triggerDocument } from '../packs/trigger-documents';
import type { Definitions } from '../ports/store';
import { cronProblem } from './cron-arguments';
import { explainAgainst } from './schema-validation';

/** Throws UNKNOWN_TRIGGER when a trigger type the rule names is not registered, INVALID_PARAMETERS (StackStorm's text) when parameters don't fit. */
export async function checkRuleTriggers(definitions: Definitions, rule: Rule): Promise<void> {
  for (const trigger of triggersOf(rule)) {
    const place = trigger === rule.trigger ? 'trigger' : 'when.unless.trigger';
    const type = await definitions.get('trigger_type', trigger.type);
    if (!type) {
      const text = `Trigger "${trigger.type}" defined in the rule does not exist; register its trigger type first.`;
      throw new EverstormError('UNKNOWN_TRIGGER', text, { field: `${place}.type` });
    }
    const misfit = explainAgainst(type.parameters_schema, trigger.parameters);
    const problem = misfit ?? (trigger.type === CRON_TIMER_TYPE ? cronProblem(trigger.parameters) : null);
    if (problem !== null) throw new EverstormError('INVALID_PARAMETERS', problem, { field: `${place}.parameters` });
  }
}

/** Makes the triggers that a rule listens to, unless a rule with equal parameters (or the type's registration) made them before. */
export async function ensureRuleTriggers(definitions: Definitions, rule: Rule): Promise<void> {
  for (const trigger of triggersOf(rule)) {
    if (await definitions.get('trigger', trigger.ref)) continue;
    const document = triggerDocument(trigger.type, trigger.parameters);
    if (document) await definitions.put('trigger', document, 'api');
  }
}

/**
 * Removes triggers with parameters that `rule` listened to and no rule does any more (`now`: what the rule became); triggers of types without
 * parameters stay.
 */
export async function releaseRuleTriggers(definitions: Definitions, rule: Rule, now?: Rule): Promise<void> {
  const kept = new Set(now ? triggersOf(now).map(({ ref }) => ref) : []);
  for (const { ref } of triggersOf(rule)) if (!kept.has(ref)) await release(definitions, ref);
}

async function release(definitions: Definitions, ref: string): Promise<void> {
  const trigger = await definitions.get('trigger', ref);
  if (!trigger || trigger.ref === trigger.type) return;
  for (const field of ['trigger.ref', 'when.unless.trigger.ref']) {
    const users = await definitions.list('rule', { limit: 1, offset: 0, where: { [field]: ref } });
    if (users.total > 0) return;
  }
  await definitions.remove('trigger', ref);
}
