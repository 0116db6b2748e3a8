import type { AuditRecord } from '../model/audit';
import type { SetAside } from '../model/dead-letter';
import type { LogEntry } from '../model/event';
import { isCompleted } from '../model/statuses';
import type { ExecutionStatus } from '../model/statuses';
import type { AuditSink } from '../ports/audit-log';
import type { Batch, Feed, FeedState, RunningFeed } from '../ports/feed';
import type { Store } from '../ports/store';

/** The read model and the sinks may be so much behind (ms). */
const GATHER_MS = 200;
const SINK_GATHER_MS = 1_000;

/** The consumer group that projects audit records, of those with this prefix. */
export const executionsGroup = (prefix: string): string => `${prefix}.executions`;

export interface ProjectionOptions {
  store: Pick<Store, 'triggerInstances' | 'executions' | 'deadLetters'>;
  events: Feed<LogEntry>;
  deadLetters: Feed<SetAside>;
  audit: Feed<AuditRecord>;
  sinks: readonly AuditSink[];
  /** Prefix of the consumer groups. */
  group: string;
  onState?: (feed: string, state: FeedState) => void;
  /** An execution ended; told again when its record comes again. */
  onCompleted?: (status: ExecutionStatus) => void;
}

export interface RunningProjection {
  /** The read model's three, and one for each sink. */
  readonly feeds: readonly { name: string; state: () => FeedState }[];
  stop(): Promise<void>;
}

/**
 * The audit role: projects events, dead letters and audit records into the read model, and feeds each sink through a consumer group of its own,
 * so that a slow or broken sink holds up neither the read model nor the other sinks and takes up where it stopped.
 */
export async function startProjection(options: ProjectionOptions): Promise<RunningProjection> {
  const { store, group, onState } = options;
  const start = async <T>(
    feed: Feed<T>,
    name: string,
    write: (entries: readonly T[]) => Promise<void>,
    gatherMs = GATHER_MS,
  ): Promise<{ name: string; feed: RunningFeed }> => ({
    name,
    feed: await feed.start({
      group: `${group}.${name}`,
      from: 'earliest',
      gatherMs,
      handler: wholeBatch(write),
      ...(onState && { onState: (state: FeedState) => onState(name, state) }),
    }),
  });
  const feeds = await Promise.all([
    start(options.events, 'trigger-instances', (entries) =>
      store.triggerInstances.project(entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []))),
    ),
    start(options.deadLetters, 'dead-letters', (letters) => store.deadLetters.project(letters)),
    start(options.audit, 'executions', async (records) => {
      await store.executions.project(records);
      for (const { status } of records) if (isCompleted(status)) options.onCompleted?.(status);
    }),
    ...options.sinks.map((sink) =>
      start(options.audit, `sink.${sink.name}`, (records) => sink.write(records), SINK_GATHER_MS),
    ),
  ]);
  return {
    feeds: feeds.map(({ name, feed }) => ({ name, state: () => feed.state() })),
    stop: async () => {
      await Promise.all(feeds.map(({ feed }) => feed.stop()));
      await Promise.all(options.sinks.map((sink) => sink.close()));
    },
  };
}

/** A handler that hands a batch over in one write and then marks all of it done. */
function wholeBatch<T>(write: (entries: readonly T[]) => Promise<void>): (batch: Batch<T>) => Promise<void> {
  return async (batch) => {
    if (batch.entries.length > 0) await write(batch.entries);
    batch.done(batch.entries.length - 1);
  };
}
