import { errorCode, messageOf } from '../../model/errors';
import { executionIdForEvent } from '../../model/ids';
import type { LoggedEvent } from '../../model/event';
import type { RuleEnforcement } from '../../model/rule';
import { TriggerInstanceStatus } from '../../model/statuses';
import type { DeadLetter } from '../../ports/event-log';
import { evaluate } from '../../rules/evaluate';
import type { Verdict } from '../../rules/evaluate';
import type { CompiledDefinitions } from '../definition-cache';
import { enforce, failedEnforcement, shadowedEnforcement } from './enforce';
import type { RuleServiceOptions } from './options';

/** What became of one event; recorded together with the others of its batch. */
export interface EventOutcome {
  event: LoggedEvent;
  status: TriggerInstanceStatus;
  enforcements: RuleEnforcement[];
}

/** What is to be done for one event, before anything is. */
export interface Judgement {
  event: LoggedEvent;
  definitions: CompiledDefinitions;
  /** Milliseconds since the epoch. */
  judgedAt: number;
  refusal: DeadLetter | null;
  verdicts: Verdict[];
}

/** Matches one event against the rules as they are now, or as they were read for its batch. Throws only retryable errors. */
export async function judgeEvent(
  event: LoggedEvent,
  options: RuleServiceOptions,
  read?: CompiledDefinitions,
): Promise<Judgement> {
  const definitions = read ?? (await definitionsFor([event], options));
  const judgedAt = options.now();
  return { event, definitions, judgedAt, ...judge(event, definitions, { ...options, now: () => judgedAt }) };
}

/** Ids of the executions that a judgement asks for. */
export function executionIdsOf({ event, verdicts }: Judgement): string[] {
  return verdicts
    .filter(({ kind, rule }) => kind === 'matched' && rule.mode !== 'shadow')
    .map(({ rule }) => executionIdForEvent(rule.uid, event.source, event.eventId));
}

/**
 * Starts what matched and is not `known` (execution id → trigger instance it was started for). An event that can't be matched is set aside
 * alone. Throws only retryable errors; calling it again for the same event starts nothing twice and gives the same enforcements.
 */
export async function enactJudgement(
  judgement: Judgement,
  known: ReadonlyMap<string, string>,
  options: RuleServiceOptions,
): Promise<EventOutcome> {
  const { event, judgedAt, refusal, verdicts } = judgement;
  if (refusal) {
    await options.deadLetters.setAside(event, refusal);
    options.metrics?.deadLettered(refusal.code);
    return { event, status: TriggerInstanceStatus.processing_failed, enforcements: [] };
  }
  const enforcements: RuleEnforcement[] = [];
  for (const verdict of verdicts) {
    const enforcement = await enactVerdict(verdict, judgement, { known, options });
    if (enforcement) enforcements.push(enforcement);
  }
  if (enforcements.length > 0) options.metrics?.startedWithin((options.now() - judgedAt) / 1000);
  return { event, status: TriggerInstanceStatus.processed, enforcements };
}

/** What it takes to enact a verdict. */
export type EnactOptions = Pick<RuleServiceOptions, 'executions' | 'runnerType' | 'now' | 'debug'>;

/** What a verdict leads to, to be recorded; null when there is nothing new to record. */
export async function enactVerdict(
  { rule, kind, reason }: Verdict,
  { event, definitions, judgedAt }: Pick<Judgement, 'event' | 'definitions' | 'judgedAt'>,
  { known, options }: { known: ReadonlyMap<string, string>; options: EnactOptions },
): Promise<RuleEnforcement | null> {
  const made = { enforcedAt: new Date(judgedAt).toISOString(), version: definitions.version };
  if (kind === 'failed') return failedEnforcement(rule, event, { ...made, reason: reason ?? '' });
  if (kind === 'not-matched') return null;
  if (rule.mode === 'shadow') return shadowedEnforcement(rule, event, made);
  const enforcement = await enforce({ rule, event, definitions, known }, options);
  if (enforcement) await options.debug?.('after-start');
  return enforcement;
}

/** Everything about an event that needs no one else. Whatever breaks here is this event's own trouble, so it is set aside alone. */
function judge(
  event: LoggedEvent,
  definitions: CompiledDefinitions,
  options: RuleServiceOptions,
): { refusal: DeadLetter | null; verdicts: Verdict[] } {
  try {
    const refusal = refusalOf(event, definitions, options);
    const candidates = refusal ? [] : definitions.rules.candidates(event);
    return { refusal, verdicts: evaluate(event, candidates, { now: options.now() }) };
  } catch (error) {
    const code = errorCode(error);
    return {
      refusal: { code: code ?? 'INTERNAL', reason: code ? messageOf(error) : 'evaluation broke' },
      verdicts: [],
    };
  }
}

const isKnown = ({ triggers, triggerTypes }: CompiledDefinitions, ref: string): boolean =>
  triggers.has(ref) || triggerTypes.has(ref);

/**
 * A trigger this process has not heard of may be new: the store is asked before an event is refused. Once for all events of a batch, which were
 * in the log before it was asked, so that many of unknown triggers hold up the others no longer than one.
 */
export async function definitionsFor(
  events: readonly LoggedEvent[],
  { definitions }: Pick<RuleServiceOptions, 'definitions'>,
): Promise<CompiledDefinitions> {
  const current = definitions.current();
  return events.every(({ trigger }) => isKnown(current, trigger)) ? current : definitions.refresh();
}

function refusalOf(
  event: LoggedEvent,
  definitions: CompiledDefinitions,
  options: RuleServiceOptions,
): DeadLetter | null {
  if (!isKnown(definitions, event.trigger)) {
    return { code: 'UNKNOWN_TRIGGER', reason: `no trigger or trigger type "${event.trigger}" is registered` };
  }
  const typeRef = definitions.triggers.get(event.trigger)?.type ?? event.trigger;
  const schema = definitions.triggerTypes.get(typeRef)?.payload_schema;
  if (!schema || Object.keys(schema).length === 0) return null;
  const problem = options.validatePayload(schema, event.payload);
  return problem === null ? null : { code: 'INVALID_PAYLOAD', reason: problem };
}
