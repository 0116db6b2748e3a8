import type { AuditRecord } from '../src/model/audit';
import type { DebugHook } from '../src/model/debug-points';
import { errorCode, messageOf } from '../src/model/errors';
import { pauseFor } from '../src/model/pause';
import { LATE_END_MS } from '../src/model/timings';
import type { AuditLog } from '../src/ports/audit-log';

export interface AnnouncerParts {
  auditLog: Pick<AuditLog, 'publish'>;
  /** Whether the run came to its own end, by Temporal's account. Throws UNAVAILABLE. */
  endedByItself(executionId: string, runId: string): Promise<boolean>;
  log?: { warn(fields: object, message: string): void };
  debug?: DebugHook;
}

/**
 * Publishes the audit records of this process's runs beside them: nobody waits for Kafka. A record that Kafka does not take is tried again,
 * in order, as long as the process lives; what dies with it is told by whoever goes on with the run, or by the reconciler.
 */
export interface AuditAnnouncer {
  /** Takes records to publish; those it has already are passed over. */
  announce(records: readonly AuditRecord[]): void;
  /** Takes all records of a run, the last one being its end: published are those that this process is not sure about. */
  conclude(records: readonly AuditRecord[]): void;
  /** Whether Kafka has acknowledged the record. */
  acknowledged(record: AuditRecord): boolean;
  /** Resolves when all is published, or after the time (milliseconds); nothing is taken any more. */
  close(withinMs: number): Promise<void>;
}

interface Waiting {
  record: AuditRecord;
  since: number;
  ends: boolean;
}

/** What comes within so long goes together: Kafka and the read model have a few large batches to do instead of many small ones. */
const LINGER_MS = 100;
const BATCH = 500;
/** About 100 MB of large records; what is more is left to the reconciler. */
const MOST_WAITING = 20_000;
/** Records kept in mind as published, so that the end of their run does not publish them again. */
const MOST_KNOWN = 50_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

export function createAuditAnnouncer(parts: AnnouncerParts): AuditAnnouncer {
  const { auditLog, log, debug } = parts;
  const waiting: Waiting[] = [];
  /** By record id: whether it is acknowledged. */
  const known = new Map<string, boolean>();
  /** Nothing is taken or waited for any more but Kafka; then not even Kafka. */
  const closing = new AbortController();
  const givenUp = new AbortController();
  let working: Promise<void> | null = null;

  const forgetOldest = (): void => {
    for (const id of known.keys()) {
      if (known.size <= MOST_KNOWN) return;
      known.delete(id);
    }
  };

  const take = (records: readonly AuditRecord[], end?: AuditRecord): void => {
    if (closing.signal.aborted) return;
    for (const record of records) {
      if (known.has(record.id)) continue;
      known.set(record.id, false);
      waiting.push({ record, since: Date.now(), ends: record === end });
    }
    forgetOldest();
    if (waiting.length > MOST_WAITING) {
      const dropped = waiting.splice(0, waiting.length - MOST_WAITING);
      for (const { record } of dropped) known.delete(record.id);
      log?.warn({ records: dropped.length }, 'audit records are left to the reconciler: too many wait for Kafka');
    }
    if (waiting.length > 0) working ??= work();
  };

  /** One end that is late may have been overtaken: Temporal ended the run after all. The reconciler told that, and it stays so. */
  const overtaken = async ({ record, since, ends }: Waiting): Promise<boolean> =>
    ends && Date.now() - since > LATE_END_MS && !(await parts.endedByItself(record.executionId, record.runId));

  const publish = async (batch: readonly Waiting[]): Promise<void> => {
    await debug?.('before-audit');
    const stale = await Promise.all(batch.map(overtaken));
    const records = batch.flatMap(({ record }, index) => (stale[index] ? [] : [record]));
    if (records.length > 0) await auditLog.publish(records);
    for (const { id } of records) known.set(id, true);
  };

  /** It is over in the step that finds nothing waiting, so that what is taken afterwards starts it anew. */
  const work = async (): Promise<void> => {
    let size = BATCH;
    for (let waitMs = FIRST_WAIT_MS; waiting.length > 0 && !givenUp.signal.aborted;) {
      if (waiting.length < BATCH) await pauseFor(LINGER_MS, closing.signal);
      const batch = waiting.slice(0, size);
      try {
        await publish(batch);
        remove(waiting, batch);
        [size, waitMs] = [BATCH, FIRST_WAIT_MS];
      } catch (error) {
        if (errorCode(error) === 'EVENT_TOO_LARGE') {
          // One of them will never be taken: they go one by one until it is found.
          if (batch.length === 1) {
            remove(waiting, batch);
            log?.warn({ reason: messageOf(error) }, 'an audit record is larger than Kafka takes');
          }
          size = 1;
          continue;
        }
        if (waitMs === FIRST_WAIT_MS) log?.warn({ reason: messageOf(error) }, 'audit records wait for Kafka');
        await pauseFor(waitMs, givenUp.signal);
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
    }
    working = null;
  };

  return {
    announce: (records) => take(records),
    conclude: (records) => take(records, records.at(-1)),
    acknowledged: ({ id }) => known.get(id) === true,
    close: async (withinMs) => {
      closing.abort();
      const late = setTimeout(() => givenUp.abort(), withinMs);
      await working;
      clearTimeout(late);
    },
  };
}

/** Takes the batch away from the front; what was dropped in the meantime is gone already. */
function remove(waiting: Waiting[], batch: readonly Waiting[]): void {
  const done = new Set(batch);
  while (waiting[0] !== undefined && done.has(waiting[0])) waiting.shift();
}
