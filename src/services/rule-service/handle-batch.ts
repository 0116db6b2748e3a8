import type { LogEntry, LoggedEvent, MalformedRecord } from '../../model/event';
import type { Batch } from '../../ports/feed';
import { definitionsFor, enactJudgement, executionIdsOf, judgeEvent } from './handle-event';
import type { EventOutcome, Judgement } from './handle-event';
import { forEachLimited } from './limit';
import type { RuleServiceOptions } from './options';

const CONCURRENCY = 32;

/**
 * One batch: malformed records are set aside, events are handled (keys at once, the events of one key in order), what became of them is
 * recorded in one call each, and only then the batch is done. Throws retryable errors: nothing is marked done, and the feed tries again.
 */
export async function handleBatch(batch: Batch<LogEntry>, options: RuleServiceOptions): Promise<void> {
  await options.debug?.('after-consume');
  const events = batch.entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
  const malformed = batch.entries.flatMap((entry) => (entry.kind === 'malformed' ? [entry.record] : []));
  // No event waits for a record that is set aside: those go together, beside the events' way.
  const setAside = forEachLimited(malformed, malformed.length, (record) => setAsideMalformed(record, options));
  const [outcomes] = await bothDone(handleEvents(events, batch.signal, options), setAside);
  if (!outcomes) return;
  const enforcements = outcomes.flatMap((outcome) => outcome.enforcements);
  if (enforcements.length > 0) await options.store.enforcements.record(enforcements);
  if (outcomes.length > 0) {
    await options.store.triggerInstances.setStatus(outcomes.map(({ event, status }) => ({ event, status })));
  }
  await options.debug?.('before-commit');
  batch.done(batch.entries.length - 1);
  options.metrics?.events(events.length);
  for (const { status } of enforcements) options.metrics?.enforcement(status);
}

/** Both values; an error only after both have ended, so that nothing of a batch goes on when it comes again. */
async function bothDone<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

async function setAsideMalformed(record: MalformedRecord, { deadLetters, metrics }: RuleServiceOptions): Promise<void> {
  await deadLetters.setAside(record, { code: record.reason, reason: record.detail });
  metrics?.deadLettered(record.reason);
}

/**
 * All events are judged before anything is started, so that the permanent record is asked once for all of them: Temporal forgets an
 * execution after its retention, the record does not. Outcomes in the order of the log; null when the batch was aborted before all were handled.
 */
async function handleEvents(
  events: readonly LoggedEvent[],
  signal: AbortSignal,
  options: RuleServiceOptions,
): Promise<EventOutcome[] | null> {
  const definitions = await definitionsFor(events, options);
  const judgements: Judgement[] = [];
  for (const event of events) judgements.push(await judgeEvent(event, options, definitions));
  const wanted = judgements.flatMap(executionIdsOf);
  const known = wanted.length > 0 ? await options.store.enforcements.known(wanted) : new Map<string, string>();
  const outcomes = new Map<string, EventOutcome>();
  const enact = async (judgement: Judgement): Promise<void> => {
    outcomes.set(judgement.event.instanceId, await enactJudgement(judgement, known, options));
  };
  const refused = judgements.filter(({ refusal }) => refusal !== null);
  const byTheirKeys = byKey(judgements.filter(({ refusal }) => refusal === null));
  await bothDone(
    forEachLimited(refused, refused.length, enact),
    forEachLimited(byTheirKeys, options.concurrency ?? CONCURRENCY, async (ofOneKey) => {
      for (const judgement of ofOneKey) {
        if (signal.aborted) return;
        await enact(judgement);
      }
    }),
  );
  const inOrder = events.flatMap(({ instanceId }) => outcomes.get(instanceId) ?? []);
  return inOrder.length === events.length ? inOrder : null;
}

function byKey(judgements: readonly Judgement[]): Judgement[][] {
  const keys = new Map<string, Judgement[]>();
  for (const judgement of judgements) {
    const key = judgement.event.partitionKey ?? judgement.event.source;
    const sharing = keys.get(key);
    if (sharing) sharing.push(judgement);
    else keys.set(key, [judgement]);
  }
  return [...keys.values()];
}
