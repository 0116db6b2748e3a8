import { errorCode, messageOf } from '../../model/errors';
import type { LoggedEvent } from '../../model/event';
import type { JsonObject } from '../../model/json';
import { maskSecrets } from '../../model/masking';
import type { Rule } from '../../model/rule';
import { compileRule } from '../../rules/compile';
import { evaluate, evaluateRule } from '../../rules/evaluate';
import { mergedParameters } from '../action-parameters';
import type { CompiledDefinitions } from '../definition-cache';
import { executionInput } from '../rule-service/enforce';
import { refusalOf } from '../rule-service/handle-event';
import type { BackfillParts } from './parts';

/** What a rule says of an event of its trigger. */
export type Judged = { kind: 'not-matched' | 'matched' } | { kind: 'failed'; reason: string };
/** Whether a match could start its action, and with what (secrets masked). */
export type Startable = { parameters: JsonObject } | { reason: string };

export interface BackfillJudge {
  judge(event: LoggedEvent): Judged;
  startable(event: LoggedEvent): Startable;
}

/**
 * Holds one rule, as given and whether or not it is enabled, against events, at the events' own times. A backstop rule matches only where no
 * standard rule does by the rules as they are now. Nothing is thrown: what breaks is the event's.
 */
export function backfillJudge(
  rule: Rule,
  definitions: CompiledDefinitions,
  parts: Pick<BackfillParts, 'validatePayload' | 'runnerType'>,
): BackfillJudge {
  const compiled = compileRule(rule);
  const standardMatches = (event: LoggedEvent, now: number): boolean => {
    const standard = definitions.rules.candidates(event).filter(({ backstop }) => !backstop);
    return evaluate(event, standard, { now }).some((verdict) => verdict.kind === 'matched' && !isShadow(verdict.rule));
  };
  const judge = (event: LoggedEvent): Judged => {
    const refusal = refusalOf(event, definitions, parts);
    if (refusal) return { kind: 'failed', reason: `${refusal.code}: ${refusal.reason}` };
    const now = Date.parse(event.occurredAt);
    const { kind, reason } = evaluateRule(compiled, event.payload, { now });
    if (kind === 'failed') return { kind, reason: reason ?? '' };
    return kind === 'matched' && compiled.backstop && standardMatches(event, now) ? { kind: 'not-matched' } : { kind };
  };
  return {
    judge: (event) => {
      try {
        return judge(event);
      } catch (error) {
        return { kind: 'failed', reason: errorCode(error) ? messageOf(error) : 'evaluation broke' };
      }
    },
    startable: (event) => {
      try {
        const { action, runner, parameters } = executionInput({ rule, event, definitions }, parts);
        return { parameters: maskSecrets(parameters, mergedParameters(action, runner)) };
      } catch (error) {
        return { reason: messageOf(error) };
      }
    },
  };
}

export const isShadow = ({ mode }: Rule): boolean => mode === 'shadow';
