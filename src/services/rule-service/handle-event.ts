import { errorCode, messageOf } from '../../model/errors';
import { executionIdForEvent } from '../../model/ids';
import type { LoggedEvent } from '../../model/event';
import { remembers } from '../../model/rule';
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

type JudgeOptions = Pick<RuleServiceOptions, 'validatePayload' | 'now'>;

/** Matches one event against a rule set. Never throws: whatever breaks is the event's own trouble, and refuses it alone. */
export function judgeEvent(event: LoggedEvent, definitions: CompiledDefinitions, options: JudgeOptions): Judgement {
  const judgedAt = options.now();
  const { refusal, verdicts } = judge({ event, definitions, judgedAt }, options);
  return { event, definitions, judgedAt, refusal, verdicts };
}

/** True when there is nothing to do for the event: it was taken up, and no rule matches or failed. */
export const isIdle = ({ refusal, verdicts }: Judgement): boolean =>
  refusal === null && verdicts.every(({ kind }) => kind === 'not-matched');

/** Ids of the executions that a judgement asks for. */
export function executionIdsOf({ event, verdicts }: Judgement): string[] {
  return verdicts
    .filter(({ kind, rule }) => kind === 'matched' && rule.mode !== 'shadow' && !remembers(rule))
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
  // What a rule that remembers does about its events, its shards decide.
  if (kind === 'not-matched' || remembers(rule)) return null;
  if (rule.mode === 'shadow') return shadowedEnforcement(rule, event, made);
  const enforcement = await enforce({ rule, event, definitions, known }, options);
  if (enforcement) await options.debug?.('after-start');
  return enforcement;
}

function judge(
  { event, definitions, judgedAt }: Pick<Judgement, 'event' | 'definitions' | 'judgedAt'>,
  options: JudgeOptions,
): { refusal: DeadLetter | null; verdicts: Verdict[] } {
  try {
    const refusal = refusalOf(event, definitions, options);
    const candidates = refusal ? [] : definitions.rules.candidates(event);
    return { refusal, verdicts: evaluate(event, candidates, { now: judgedAt }) };
  } catch (error) {
    const code = errorCode(error);
    return {
      refusal: { code: code ?? 'INTERNAL', reason: code ? messageOf(error) : 'evaluation broke' },
      verdicts: [],
    };
  }
}

/** Whether a trigger is registered: one that is not may be new, and the store knows better. */
export const isKnown = ({ triggers, triggerTypes }: CompiledDefinitions, ref: string): boolean =>
  triggers.has(ref) || triggerTypes.has(ref);

/** Why no rule is asked about an event: its trigger is not known, or its payload does not fit the trigger's type. */
export function refusalOf(
  event: LoggedEvent,
  definitions: CompiledDefinitions,
  options: Pick<RuleServiceOptions, 'validatePayload'>,
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
