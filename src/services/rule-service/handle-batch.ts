import type { LogEntry, LoggedEvent } from '../../model/event';
import type { Batch } from '../../ports/feed';
import { handleEvent } from './handle-event';
import type { EventOutcome } from './handle-event';
import { forEachLimited } from './limit';
import type { RuleServiceOptions } from './options';

const CONCURRENCY = 32;

/**
 * One batch: malformed records are set aside, events are handled (keys at once, the events of one key in order), what became of them is
 * recorded in one call each, and only then the batch is done. Throws retryable errors: nothing is marked done, and the feed tries again.
 */
export async function handleBatch(batch: Batch<LogEntry>, options: RuleServiceOptions): Promise<void> {
  await options.debug?.('after-consume');
  const events: LoggedEvent[] = [];
  for (const entry of batch.entries) {
    if (entry.kind === 'event') events.push(entry.event);
    else {
      await options.deadLetters.setAside(entry.record, { code: entry.record.reason, reason: entry.record.detail });
      options.metrics?.deadLettered(entry.record.reason);
    }
  }
  const outcomes = await handleEvents(events, batch.signal, options);
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

/** Outcomes in the order of the log; null when the batch was aborted before all were handled. */
async function handleEvents(
  events: readonly LoggedEvent[],
  signal: AbortSignal,
  options: RuleServiceOptions,
): Promise<EventOutcome[] | null> {
  const outcomes = new Map<string, EventOutcome>();
  await forEachLimited(byKey(events), options.concurrency ?? CONCURRENCY, async (ofOneKey) => {
    for (const event of ofOneKey) {
      if (signal.aborted) return;
      outcomes.set(event.instanceId, await handleEvent(event, options));
    }
  });
  const inOrder = events.flatMap(({ instanceId }) => outcomes.get(instanceId) ?? []);
  return inOrder.length === events.length ? inOrder : null;
}

function byKey(events: readonly LoggedEvent[]): LoggedEvent[][] {
  const keys = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const key = event.partitionKey ?? event.source;
    const sharing = keys.get(key);
    if (sharing) sharing.push(event);
    else keys.set(key, [event]);
  }
  return [...keys.values()];
}
