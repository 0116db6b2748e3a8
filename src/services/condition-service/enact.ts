import type { LoggedEvent } from '../../model/event';
import { executionIdForEvent } from '../../model/ids';
import type { Rule, RuleEnforcement } from '../../model/rule';
import type { Decision, Firing, ShardSpec } from '../../model/shard';
import type { EventLog } from '../../ports/event-log';
import type { CompiledDefinitions } from '../definition-cache';
import { enforce, shadowedEnforcement, suppressedEnforcement } from '../rule-service/enforce';
import { forEachLimited } from '../rule-service/limit';
import type { RuleServiceOptions } from '../rule-service/options';

export interface EnactOptions extends Pick<
  RuleServiceOptions,
  'definitions' | 'executions' | 'runnerType' | 'now' | 'metrics' | 'debug'
> {
  events: Pick<EventLog, 'read'>;
  store: { enforcements: Pick<RuleServiceOptions['store']['enforcements'], 'record' | 'known'> };
}

/** What became of a decision. */
interface Enacted {
  instance: string;
  executionId: string | null;
  enforcement: RuleEnforcement | null;
}

const AT_ONCE = 8;

/**
 * Enacts what a shard decided: starts executions for what fired, records what was held back. Asked again for the same decisions it starts and
 * records nothing twice. Throws only what trying again can help. Which instance led to which execution (null: none).
 */
export async function enactDecisions(
  rule: ShardSpec['rule'],
  decisions: readonly Decision[],
  options: EnactOptions,
): Promise<[string, string | null][]> {
  const definitions = await definitionsWith(rule.ref, options);
  const firings = decisions.filter((decision) => decision.kind === 'fire');
  const events = new Map<string, LoggedEvent>();
  await forEachLimited(firings, AT_ONCE, async ({ instance }) => {
    const event = await options.events.read(instance);
    if (event) events.set(instance, event);
  });
  const ids = [...events.values()].map(({ source, eventId }) => executionIdForEvent(rule.uid, source, eventId));
  const known = ids.length > 0 ? await options.store.enforcements.known(ids) : new Map<string, string>();
  const enacted: Enacted[] = [];
  await forEachLimited(decisions, AT_ONCE, async (decision) => {
    const event = events.get(decision.instance);
    enacted.push(await enactOne(decision, { rule, event, definitions, known, options }));
  });
  const enforcements = enacted.flatMap(({ enforcement }) => enforcement ?? []);
  await options.debug?.('after-enact');
  if (enforcements.length > 0) await options.store.enforcements.record(enforcements);
  for (const { status } of enforcements) options.metrics?.enforcement(status);
  return enacted.map(({ instance, executionId }) => [instance, executionId]);
}

interface Setting {
  rule: ShardSpec['rule'];
  event: LoggedEvent | undefined;
  definitions: CompiledDefinitions;
  known: ReadonlyMap<string, string>;
  options: EnactOptions;
}

async function enactOne(decision: Decision, setting: Setting): Promise<Enacted> {
  const { rule, definitions, options } = setting;
  const { instance } = decision;
  const made = { enforcedAt: new Date(options.now()).toISOString(), version: definitions.version };
  const held = (reason: string): Enacted => ({
    instance,
    executionId: null,
    enforcement: suppressedEnforcement(rule, instance, { ...made, reason }),
  });
  if (decision.kind === 'suppress') return held(decision.reason);
  const current = definitions.remembering.byRef.get(rule.ref)?.rule;
  if (!current) return held('the rule was removed, disabled, or has no time condition or guard any more');
  if (!setting.event) return held('the event is not kept in the log any more');
  if (current.mode === 'shadow')
    return { instance, executionId: null, enforcement: shadowedEnforcement(current, setting.event, made) };
  return start(decision, { ...setting, event: setting.event, current });
}

async function start(
  { instance, facts }: Firing,
  { event, definitions, known, options, current }: Setting & { event: LoggedEvent; current: Rule },
): Promise<Enacted> {
  const match = { rule: current, event, definitions, known, ...(facts === undefined ? {} : { facts }) };
  const enforcement = await enforce(match, options);
  // Null: this very event has it recorded already, so the execution is there.
  const started = enforcement === null || enforcement.status === 'succeeded';
  const executionId = started ? executionIdForEvent(current.uid, event.source, event.eventId) : null;
  return { instance, executionId, enforcement };
}

/** A rule this process has not heard of may be new: the store is asked once. */
async function definitionsWith(ref: string, { definitions }: EnactOptions): Promise<CompiledDefinitions> {
  const current = definitions.current();
  return current.remembering.byRef.has(ref) ? current : definitions.refresh();
}
