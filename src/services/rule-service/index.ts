import type { FeedState, RunningFeed } from '../../ports/feed';
import { handleBatch } from './handle-batch';
import type { RuleServiceOptions } from './options';
import { RuleSets } from './rule-sets';

/** Events taken up at once. What is started and recorded together is bounded by how many of them match (handle-batch). */
const MAX_BATCH = 2_000;

export interface RuleService {
  /** Loads the definitions and begins to consume. Throws UNAVAILABLE when the store or the log does not answer. */
  start(): Promise<void>;
  /** Ends after the running batches, in order. Idempotent. */
  stop(): Promise<void>;
  state(): FeedState;
}

/**
 * The rule service: event → rules → executions (design, guarantees 1 to 3 and 5). Any number of processes share the work as one
 * consumer group; none leads.
 */
export function createRuleService(options: RuleServiceOptions): RuleService {
  let running: RunningFeed | null = null;
  const group = options.group ?? 'everstorm-rules';
  const { definitions, log } = options;
  const ruleSets = new RuleSets({ group, marks: options.store.ruleSets, definitions, log });
  return {
    start: async () => {
      if (running) return;
      await options.definitions.start();
      running = await options.feed.start({
        group,
        from: 'earliest',
        maxBatch: MAX_BATCH,
        handler: (batch) => handleBatch(batch, { ...options, ruleSets }),
        onState: (state) => {
          if (state.kind === 'retrying')
            options.log.warn({ attempt: state.attempt, reason: state.reason }, 'rule service waits');
          else options.log.info({ state: state.kind }, 'rule service');
        },
      });
    },
    stop: async () => {
      const feed = running;
      running = null;
      await feed?.stop();
      await options.definitions.stop();
    },
    state: () => running?.state() ?? { kind: 'stopped' },
  };
}
