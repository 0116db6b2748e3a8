import { EverstormError } from '../model/errors';
import type { Rule } from '../model/rule';
import { CRON_TIMER_TYPE } from '../model/trigger';
import { triggerDocument } from '../packs/trigger-documents';
import type { Definitions } from '../ports/store';
import { cronProblem } from './cron-arguments';
import { explainAgainst } from './schema-validation';

/** Throws UNKNOWN_TRIGGER when the rule's trigger type is not registered, INVALID_PARAMETERS (StackStorm's text) when its parameters don't fit. */
export async function checkRuleTrigger(definitions: Definitions, { trigger }: Rule): Promise<void> {
  const type = await definitions.get('trigger_type', trigger.type);
  if (!type) {
    const text = `Trigger "${trigger.type}" defined in the rule does not exist; register its trigger type first.`;
    throw new EverstormError('UNKNOWN_TRIGGER', text, { field: 'trigger.type' });
  }
  const misfit = explainAgainst(type.parameters_schema, trigger.parameters);
  const problem = misfit ?? (trigger.type === CRON_TIMER_TYPE ? cronProblem(trigger.parameters) : null);
  if (problem !== null) throw new EverstormError('INVALID_PARAMETERS', problem, { field: 'trigger.parameters' });
}

/** Makes the trigger that a rule listens to, unless a rule with equal parameters (or the type's registration) made it before. */
export async function ensureRuleTrigger(definitions: Definitions, { trigger }: Rule): Promise<void> {
  if (await definitions.get('trigger', trigger.ref)) return;
  const document = triggerDocument(trigger.type, trigger.parameters);
  if (document) await definitions.put('trigger', document, 'api');
}

/** Removes a trigger with parameters that no rule listens to any more; triggers of types without parameters stay. */
export async function releaseTrigger(definitions: Definitions, ref: string): Promise<void> {
  const trigger = await definitions.get('trigger', ref);
  if (!trigger || trigger.ref === trigger.type) return;
  const users = await definitions.list('rule', { limit: 1, offset: 0, where: { 'trigger.ref': ref } });
  if (users.total === 0) await definitions.remove('trigger', ref);
}
