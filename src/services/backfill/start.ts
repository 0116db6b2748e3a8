import { added, noStarts } from '../../model/backfill';
import type { BackfillStarts } from '../../model/backfill';
import type { BackfillStart, BackfillStarted } from '../../model/backfill-steps';
import type { LogEntry, LoggedEvent } from '../../model/event';
import { executionIdForEvent } from '../../model/ids';
import type { Rule, RuleEnforcement } from '../../model/rule';
import { EnforcementStatus } from '../../model/statuses';
import type { StartOutcome } from '../../ports/executions';
import { byKey } from '../rule-service/by-key';
import { enforce, shadowedEnforcement } from '../rule-service/enforce';
import { forEachLimited } from '../rule-service/limit';
import { isShadow } from './judge';
import { createPace } from './pace';
import type { Pace } from './pace';
import type { BackfillParts } from './parts';

const CONCURRENCY = 32;

/** How the step is carried out. */
export interface StartControl {
  signal: AbortSignal;
  /** The step was tried before: what exists for an event by now counts as started by it. */
  again: boolean;
}

/**
 * Starts the rule's action for the events at these places, as the rule service does: same execution ids, the permanent record asked first, the
 * enforcement recorded, events of one key in order. Again for the same places it starts nothing twice. Throws retryable errors, and NOT_FOUND for
 * another topic epoch.
 */
export async function start(
  parts: BackfillParts,
  asked: BackfillStart,
  control: StartControl,
): Promise<BackfillStarted> {
  const wanted = new Set(asked.offsets);
  const pace = createPace(asked.rate, parts.now, control.signal);
  let starts = noStarts();
  const { partition, epoch, offsets } = asked;
  const before = (offsets.at(-1) ?? -1) + 1;
  for (let next = offsets[0] ?? before; next < before && !control.signal.aborted;) {
    const read = await parts.events.readSpan(epoch, { partition, from: next, before });
    const events = read.entries.flatMap(eventOf).filter(({ offset }) => wanted.has(offset));
    const done = await startAll(parts, { ...asked, events, pace }, control);
    starts = added(starts, done.starts);
    for (const offset of done.offsets) wanted.delete(offset);
    next = read.next;
    // What the log holds no more has no one to wait for.
    if (!control.signal.aborted) for (const offset of [...wanted]) if (offset < next) wanted.delete(offset);
  }
  await pace.rest();
  return { starts, left: [...wanted] };
}

const eventOf = (entry: LogEntry): LoggedEvent[] => (entry.kind === 'event' ? [entry.event] : []);

interface Starting {
  backfill: string;
  rule: Rule;
  events: readonly LoggedEvent[];
  pace: Pace;
}

async function startAll(
  parts: BackfillParts,
  { backfill, rule, events, pace }: Starting,
  control: StartControl,
): Promise<{ starts: BackfillStarts; offsets: number[] }> {
  const ids = isShadow(rule) ? [] : events.map((event) => executionIdForEvent(rule.uid, event.source, event.eventId));
  const known = ids.length > 0 ? await parts.store.enforcements.known(ids) : new Map<string, string>();
  const enforcements: RuleEnforcement[] = [];
  const offsets: number[] = [];
  let starts = noStarts();
  await forEachLimited(
    byKey(events, (event) => event),
    parts.concurrency ?? CONCURRENCY,
    async (ofOneKey) => {
      for (const event of ofOneKey) {
        if (control.signal.aborted) return;
        if (!isShadow(rule) && !known.has(executionIdForEvent(rule.uid, event.source, event.eventId)))
          await pace.turn();
        if (control.signal.aborted) return;
        const { enforcement, counted } = await startOne(parts, { backfill, rule, event, known, again: control.again });
        if (enforcement) enforcements.push(enforcement);
        starts = added(starts, { ...noStarts(), [counted]: 1 });
        offsets.push(event.offset);
      }
    },
  );
  if (enforcements.length > 0) await parts.store.enforcements.record(enforcements);
  for (const { status } of enforcements) parts.metrics?.enforcement(status);
  return { starts, offsets };
}

interface One {
  backfill: string;
  rule: Rule;
  event: LoggedEvent;
  known: ReadonlyMap<string, string>;
  again: boolean;
}

async function startOne(
  parts: BackfillParts,
  { backfill, rule, event, known, again }: One,
): Promise<{ enforcement: RuleEnforcement | null; counted: keyof BackfillStarts }> {
  const definitions = parts.definitions.current();
  if (isShadow(rule)) {
    const made = { enforcedAt: new Date(parts.now()).toISOString(), version: definitions.version };
    return { enforcement: shadowedEnforcement(rule, event, made), counted: 'shadowed' };
  }
  let outcome: StartOutcome | undefined;
  const executions: BackfillParts['executions'] = {
    start: async (input) =>
      (outcome = await parts.executions.start({ ...input, context: { ...input.context, backfill } })),
  };
  const enforcement = await enforce({ rule, event, definitions, known }, { ...parts, executions });
  if (enforcement?.status === EnforcementStatus.failed) return { enforcement, counted: 'failed' };
  const startedNow = outcome?.kind === 'started';
  const startedBefore = again && enforcement?.status !== EnforcementStatus.deduplicated;
  return { enforcement, counted: startedNow || startedBefore ? 'started' : 'already_ran' };
}
