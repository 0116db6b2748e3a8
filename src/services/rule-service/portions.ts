import { setImmediate as turn } from 'node:timers/promises';
import type { LogEntry, LoggedEvent } from '../../model/event';
import { isIdle, judgeEvent } from './handle-event';
import type { Judgement } from './handle-event';
import type { RuleServiceOptions } from './options';

/** Events with something to do that are started and recorded together; a redelivery repeats no more than these. */
const BUSY = 250;
/** So long (ms) events are judged in one go; then timers and sockets have a turn, so that heartbeats are sent however much the rules cost. */
const IN_ONE_GO_MS = 50;

/** Consecutive entries of a batch, all judged, before anything is done for them. */
export interface Portion {
  /** Index behind its last entry. */
  end: number;
  events: number;
  /** Last event, of those that are idle too. */
  last: LoggedEvent | null;
  /** Those for which something is to be done, in the order of the log. */
  busy: Judgement[];
}

/**
 * Judges entries from one on until enough of them have something to do, or to the batch's end; most events match nothing and cost no more
 * than that. Malformed records are set aside as they come. Throws only retryable errors.
 */
export async function nextPortion(
  entries: readonly LogEntry[],
  from: number,
  options: RuleServiceOptions,
): Promise<Portion> {
  const portion: Portion = { end: from, events: 0, last: null, busy: [] };
  let turnedAt = options.now();
  while (portion.end < entries.length && portion.busy.length < BUSY) {
    const entry = entries[portion.end] as LogEntry;
    if (entry.kind === 'event') {
      const judged = judgeEvent(entry.event, options);
      const judgement = judged instanceof Promise ? await judged : judged;
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
