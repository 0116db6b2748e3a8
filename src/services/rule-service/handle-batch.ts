import type { LogEntry, MalformedRecord } from '../../model/event';
import { TriggerInstanceStatus } from '../../model/statuses';
import type { Batch } from '../../ports/feed';
import { byKey } from './by-key';
import { enactJudgement, executionIdsOf } from './handle-event';
import type { EventOutcome, Judgement } from './handle-event';
import { forEachLimited } from './limit';
import type { RuleServiceOptions } from './options';
import { nextPortion } from './portions';
import type { Portion } from './portions';
import { rulesOfBatch } from './rule-sets';
import type { RuleSets } from './rule-sets';

const CONCURRENCY = 32;

type HandlingOptions = RuleServiceOptions & { ruleSets: RuleSets };

/**
 * One batch, in portions of which each is done once what became of it is recorded: malformed records are set aside, events are handled (keys at
 * once, the events of one key in order), and each kind of record is written in one call. Throws retryable errors: what is not done yet is not
 * marked so, and the feed tries again.
 */
export async function handleBatch(batch: Batch<LogEntry>, options: HandlingOptions): Promise<void> {
  await options.debug?.('after-consume');
  const rules = rulesOfBatch(options.ruleSets, options.definitions);
  for (let from = 0; from < batch.entries.length && !batch.signal.aborted;) {
    const portion = await nextPortion(batch.entries, from, { ...options, rules });
    if (!(await enactPortion(portion, batch.signal, options))) return;
    await options.debug?.('before-commit');
    from = portion.end;
    batch.done(from - 1);
    options.ruleSets.passed(batch.entries[from - 1] as LogEntry);
    options.metrics?.events(portion.events);
  }
}

/** Does and records what is to be done; false when the batch was aborted before all was. */
async function enactPortion(
  { busy, malformed, last, ruleSet }: Portion,
  signal: AbortSignal,
  options: HandlingOptions,
): Promise<boolean> {
  // No event waits for a record that is set aside: those go together, beside the events' way.
  const setAside = forEachLimited(malformed, malformed.length, (record) => setAsideMalformed(record, options));
  const enacting = async (): Promise<EventOutcome[] | null> => {
    // Neither waits for the other; nothing is done before both are there.
    const [known] = await Promise.all([
      knownOf(busy, options),
      last && ruleSet && busy.length > 0 ? options.ruleSets.judged(last, ruleSet) : undefined,
    ]);
    return enactAll(busy, known, { ...options, signal });
  };
  const [outcomes] = await bothDone(enacting(), setAside);
  if (!outcomes) return false;
  const { enforcements: recorded, triggerInstances } = options.store;
  const enforcements = outcomes.flatMap((outcome) => outcome.enforcements);
  if (enforcements.length > 0) await recorded.record(enforcements);
  const failed = outcomes.filter(({ status }) => status !== TriggerInstanceStatus.processed);
  if (failed.length > 0) await triggerInstances.setStatus(failed.map(({ event, status }) => ({ event, status })));
  if (last) await triggerInstances.passed(last.instanceId);
  for (const { status } of enforcements) options.metrics?.enforcement(status);
  return true;
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

/** The permanent record, asked once for all of them: Temporal forgets an execution after its retention, the record does not. */
async function knownOf(
  judgements: readonly Judgement[],
  { store }: Pick<RuleServiceOptions, 'store'>,
): Promise<ReadonlyMap<string, string>> {
  const wanted = judgements.flatMap(executionIdsOf);
  return wanted.length > 0 ? store.enforcements.known(wanted) : new Map();
}

/** Outcomes in the order of the log; null when the batch was aborted before all were handled. */
async function enactAll(
  judgements: readonly Judgement[],
  known: ReadonlyMap<string, string>,
  { signal, ...options }: RuleServiceOptions & { signal: AbortSignal },
): Promise<EventOutcome[] | null> {
  const outcomes = new Map<string, EventOutcome>();
  const enact = async (judgement: Judgement): Promise<void> => {
    outcomes.set(judgement.event.instanceId, await enactJudgement(judgement, known, options));
  };
  const refused = judgements.filter(({ refusal }) => refusal !== null);
  const byTheirKeys = byKey(
    judgements.filter(({ refusal }) => refusal === null),
    ({ event }) => event,
  );
  await bothDone(
    forEachLimited(refused, refused.length, enact),
    forEachLimited(byTheirKeys, options.concurrency ?? CONCURRENCY, async (ofOneKey) => {
      for (const judgement of ofOneKey) {
        if (signal.aborted) return;
        await enact(judgement);
      }
    }),
  );
  const inOrder = judgements.flatMap(({ event }) => outcomes.get(event.instanceId) ?? []);
  return inOrder.length === judgements.length ? inOrder : null;
}
