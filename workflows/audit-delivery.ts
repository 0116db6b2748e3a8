import { CancellationScope, proxyLocalActivities, proxySinks, sleep } from '@temporalio/workflow';
import type { Sinks } from '@temporalio/workflow';
import type { AuditAnnouncements, LocalActivities } from '../activities/contract';
import type { AuditRecord } from '../src/model/audit';

/** How a run's audit records get to Kafka. */
export interface AuditDelivery {
  /** More records, in their order. */
  publish(records: AuditRecord[]): void;
  /** All records of the run, the last one being its end. */
  close(records: AuditRecord[]): void;
  /** Resolves when the run may end; undefined when it may at once. */
  settled(): Promise<void> | undefined;
}

/** Hands records to the worker's announcer and goes on: no workflow task waits for Kafka. */
export function announced(): AuditDelivery {
  const { audit } = proxySinks<Sinks & { audit: AuditSink }>();
  return {
    publish: (records) => audit.announce(records),
    close: (records) => audit.conclude(records),
    settled: () => undefined,
  };
}
/** The SDK asks for an index signature, which an interface has not. */
type AuditSink = Pick<AuditAnnouncements, keyof AuditAnnouncements>;

/** One call holds its workflow task, so it gives up soon; the waiting is done by a timer, which holds nothing. */
const { publishAudit } = proxyLocalActivities<LocalActivities>({
  startToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 2, initialInterval: '200 milliseconds' },
});
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Publishes one after the other and holds the run until Kafka has each: for executions that were begun that way. */
export function acknowledged(): AuditDelivery {
  let tail: Promise<void> = Promise.resolve();
  const publish = (records: AuditRecord[]): void => {
    const earlier = tail;
    tail = CancellationScope.nonCancellable(async () => {
      await earlier;
      await publishForEver(records);
    });
  };
  return {
    publish,
    close: (records) => publish(records.slice(-1)),
    settled: () => CancellationScope.nonCancellable(() => tail),
  };
}

async function publishForEver(records: AuditRecord[]): Promise<void> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await publishAudit(records);
    } catch {
      // Any failure means "not acknowledged": the same records (same ids) go again.
      await sleep(waitMs);
    }
  }
}
