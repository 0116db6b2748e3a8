import { setImmediate as turn } from 'node:timers/promises';
import type { LogEntry, LoggedEvent } from '../../model/event';
import { isIdle, isKnown, judgeEvent } from './handle-event';
import type { Judgement } from './handle-event';
import type { RuleServiceOptions } from './options';
import type { RuleSet, RuleSets } from './rule-sets';

/** Events with something to do that are started and recorded together; a redelivery repeats no more than these. */
const BUSY = 250;
/** So long (ms) events are judged in one go; then timers and sockets have a turn, so that heartbeats are sent however much the rules cost. */
const IN_ONE_GO_MS = 50;

/** Consecutive entries of a batch, all judged by one rule set, before anything is done for them. */
export interface Portion {
  /** Index behind its last entry. */
  end: number;
  events: number;
  /** Last event, of those that are idle too. */
  last: LoggedEvent | null;
  /** Those for which something is to be done, in the order of the log. */
  busy: Judgement[];
  ruleSet: RuleSet | null;
}

type Options = Pick<RuleServiceOptions, 'definitions' | 'validatePayload' | 'now' | 'deadLetters' | 'metrics'>;

/**
 * Judges entries from one on until enough of them have something to do, to where another rule set begins, or to the batch's end; most events
 * match nothing and cost no more than that. Malformed records are set aside as they come. Throws only retryable errors.
 */
export async function nextPortion(
  entries: readonly LogEntry[],
  from: number,
  { ruleSets, ...options }: Options & { ruleSets: Pick<RuleSets, 'from'> },
): Promise<Portion> {
  const portion: Portion = { end: from, events: 0, last: null, busy: [], ruleSet: null };
  let turnedAt = options.now();
  while (portion.end < entries.length && portion.busy.length < BUSY) {
    const entry = entries[portion.end] as LogEntry;
    if (entry.kind === 'event') {
      const found = ruleSetFor(entry.event, portion, { ruleSets, definitions: options.definitions });
      // Waited for only where it has to be asked for: most events cost less than a promise.
      const ruleSet = found instanceof Promise ? await found : found;
      if (!ruleSet) break;
      portion.ruleSet = ruleSet;
      const judgement = judgeEvent(entry.event, ruleSet.definitions, options);
      portion.events += 1;
      portion.last = entry.event;
      if (!isIdle(judgement)) portion.busy.push(judgement);
      if (judgement.judgedAt - turnedAt >= IN_ONE_GO_MS) {
        await turn();
        turnedAt = options.now();
      }
    } else {
      await options.deadLetters.setAside(entry.record, { code: entry.record.reason, reason: entry.record.detail });
      options.metrics?.deadLettered(entry.record.reason);
    }
    portion.end += 1;
  }
  return portion;
}

/** The rule set that judges an event; null: another one than the portion's, which ends before it. */
function ruleSetFor(
  event: LoggedEvent,
  { ruleSet }: Portion,
  { ruleSets, definitions }: Pick<Options, 'definitions'> & { ruleSets: Pick<RuleSets, 'from'> },
): RuleSet | null | Promise<RuleSet> {
  if (!ruleSet) return ruleSets.from(event).then((first) => knowing(event, first, definitions));
  if (ruleSet.through !== null) return event.instanceId <= ruleSet.through ? ruleSet : null;
  return isKnown(ruleSet.definitions, event.trigger) ? ruleSet : null;
}

/** A trigger this process has not heard of may be new: the store is asked once before the event is refused. */
async function knowing(event: LoggedEvent, ruleSet: RuleSet, definitions: Options['definitions']): Promise<RuleSet> {
  if (ruleSet.through !== null || isKnown(ruleSet.definitions, event.trigger)) return ruleSet;
  return { definitions: await definitions.refresh(), through: null };
}
