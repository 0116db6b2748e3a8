import { setImmediate as turn } from 'node:timers/promises';
import type { LogEntry, LoggedEvent, MalformedRecord } from '../../model/event';
import { isIdle, judgeEvent } from './handle-event';
import type { Judgement } from './handle-event';
import type { RuleServiceOptions } from './options';
import type { BatchRules, RuleSet } from './rule-sets';

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
  malformed: MalformedRecord[];
  ruleSet: RuleSet | null;
}

/**
 * Judges entries from one on until enough of them have something to do, to where another rule set begins, or to the batch's end; most events
 * match nothing and cost no more than that. Throws only retryable errors.
 */
export async function nextPortion(
  entries: readonly LogEntry[],
  from: number,
  { rules, ...options }: Pick<RuleServiceOptions, 'validatePayload' | 'now'> & { rules: BatchRules },
): Promise<Portion> {
  const portion: Portion = { end: from, events: 0, last: null, busy: [], malformed: [], ruleSet: null };
  let turnedAt = options.now();
  for (; portion.end < entries.length && portion.busy.length < BUSY; portion.end += 1) {
    const entry = entries[portion.end] as LogEntry;
    if (entry.kind === 'malformed') {
      portion.malformed.push(entry.record);
      continue;
    }
    const found = rules.next(entry.event, portion.ruleSet);
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
  }
  return portion;
}
