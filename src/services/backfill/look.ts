import { setImmediate as breathe } from 'node:timers/promises';
import { added, noCounts, sampled, shortened } from '../../model/backfill';
import type { BackfillCounts, BackfillSample } from '../../model/backfill';
import type { BackfillLook, BackfillSeen } from '../../model/backfill-steps';
import type { LogEntry, LoggedEvent } from '../../model/event';
import { executionIdForEvent } from '../../model/ids';
import type { Rule } from '../../model/rule';
import { backfillJudge, isShadow } from './judge';
import type { BackfillJudge, Judged } from './judge';
import type { BackfillParts } from './parts';

/** Entries judged in one go: the permanent record is asked once for them, and then others have their turn. */
const SLICE = 200;
/** A step that looked so long ends, so that what it found is kept. */
const LONG_ENOUGH_MS = 5_000;

/**
 * Holds a stretch of the log against a rule and counts; nothing is started or recorded. Ends at the stretch's end, after the entries asked for, with
 * enough found, when aborted, or after some seconds; `next` says where. Throws UNAVAILABLE, NOT_FOUND (another topic epoch).
 */
export async function look(
  parts: BackfillParts,
  { rule, epoch, span, entries, find }: BackfillLook,
  signal: AbortSignal,
): Promise<BackfillSeen> {
  const judge = backfillJudge(rule, parts.definitions.current(), parts);
  const until = parts.now() + LONG_ENOUGH_MS;
  const seen: BackfillSeen = { next: span.from, counts: noCounts(), samples: [], found: [] };
  const enough = (): boolean => find !== undefined && seen.found.length >= find;
  for (let looked = 0; seen.next < span.before && looked < entries;) {
    const read = await parts.events.readSpan(epoch, { ...span, from: seen.next });
    for (let at = 0; at < read.entries.length && looked < entries; at += SLICE) {
      const slice = read.entries.slice(at, Math.min(at + SLICE, at + entries - looked));
      await weigh(parts, { rule, judge, slice, ...(find === undefined ? {} : { find }) }, seen);
      looked += slice.length;
      if (enough() || signal.aborted || parts.now() > until) return seen;
      await breathe();
    }
    if (looked < entries) seen.next = read.next;
  }
  return seen;
}

interface Weighing {
  rule: Rule;
  judge: BackfillJudge;
  slice: readonly LogEntry[];
  find?: number;
}

/** Adds what a slice says to `seen`, up to the entry with which enough is found. */
async function weigh(parts: BackfillParts, { rule, judge, slice, find }: Weighing, seen: BackfillSeen): Promise<void> {
  const judged = new Map<LoggedEvent, Judged>();
  for (const entry of slice) {
    if (entry.kind === 'event' && entry.event.trigger === rule.trigger.ref)
      judged.set(entry.event, judge.judge(entry.event));
  }
  const known = await knownOf(parts, rule, judged);
  for (const entry of slice) {
    seen.next = (entry.kind === 'event' ? entry.event : entry.record).offset + 1;
    if (entry.kind !== 'event') continue;
    const said = judged.get(entry.event);
    const { counts, sample } = said ? told(entry.event, said, { rule, judge, known }) : OTHERS;
    seen.counts = added(seen.counts, { ...noCounts(), ...counts, events: 1 });
    if (!sample) continue;
    seen.samples = sampled(seen.samples, [shortened(sample)]);
    if (find === undefined || !WANTED.has(sample.outcome)) continue;
    if (seen.found.push(entry.event.offset) >= find) return;
  }
}

/** An event of another trigger. */
const OTHERS: Told = { counts: {} };
/** What a start step is for. */
const WANTED: ReadonlySet<BackfillSample['outcome']> = new Set(['would_start', 'shadowed']);

function knownOf(
  { store }: BackfillParts,
  rule: Rule,
  judged: ReadonlyMap<LoggedEvent, Judged>,
): Promise<ReadonlyMap<string, string>> {
  if (isShadow(rule)) return Promise.resolve(new Map());
  const ids = [...judged].flatMap(([{ source, eventId }, { kind }]) =>
    kind === 'matched' ? [executionIdForEvent(rule.uid, source, eventId)] : [],
  );
  return ids.length > 0 ? store.enforcements.known(ids) : Promise.resolve(new Map());
}

interface Told {
  counts: Partial<BackfillCounts>;
  sample?: BackfillSample;
}

/** What one event of the rule's trigger adds. */
function told(
  event: LoggedEvent,
  said: Judged,
  { rule, judge, known }: { rule: Rule; judge: BackfillJudge; known: ReadonlyMap<string, string> },
): Told {
  const place = { trigger_instance: event.instanceId, occurrence_time: event.occurredAt };
  if (said.kind === 'not-matched') return { counts: { of_trigger: 1 } };
  if (said.kind === 'failed')
    return {
      counts: { of_trigger: 1, failed: 1 },
      sample: { ...place, outcome: 'failed', reason: said.reason },
    };
  const matched = { of_trigger: 1, matched: 1 };
  if (isShadow(rule)) return { counts: { ...matched, shadowed: 1 }, sample: { ...place, outcome: 'shadowed' } };
  if (known.has(executionIdForEvent(rule.uid, event.source, event.eventId)))
    return { counts: { ...matched, already_ran: 1 }, sample: { ...place, outcome: 'already_ran' } };
  const start = judge.startable(event);
  return 'reason' in start
    ? { counts: { ...matched, failed: 1 }, sample: { ...place, outcome: 'failed', reason: start.reason } }
    : { counts: { ...matched, would_start: 1 }, sample: { ...place, outcome: 'would_start', ...start } };
}
