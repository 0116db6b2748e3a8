import type { LogEntry } from '../../model/event';
import type { Batch, FeedState, RunningFeed } from '../../ports/feed';
import type { EventLog } from '../../ports/event-log';
import type { ShardPlace, Shards } from '../../ports/shards';
import { shardOf } from '../../rules/remember';
import { judgeEvent } from '../rule-service/handle-event';
import type { RuleServiceOptions } from '../rule-service/options';
import { collectTells } from './collect-tells';
import type { EventTell } from './collect-tells';
import { Teller } from './teller';
import { ToldLately } from './told-lately';

export interface ConditionServiceOptions extends Pick<
  RuleServiceOptions,
  'definitions' | 'validatePayload' | 'runnerType' | 'log' | 'now' | 'debug'
> {
  events: Pick<EventLog, 'feed' | 'beginAt'>;
  shards: Pick<Shards, 'tell'>;
  store: { enforcements: Pick<RuleServiceOptions['store']['enforcements'], 'record'> };
  /** Consumer group, and that of the rule service: where this one has never been, it begins where that one is. */
  group: string;
  rulesGroup: string;
}

export interface ConditionService {
  /** Begins to consume; the definitions must have been started. */
  start(): Promise<void>;
  stop(): Promise<void>;
  state(): FeedState;
}

/** Shards are told in few large words: each costs Temporal a signal and a workflow task, whatever its size. */
const GATHER_MS = 250;
const MAX_BATCH = 1_000;

/**
 * Tells the shards of rules that remember (time conditions, storm guards) of the events that match: a consumer group of its own, so that
 * nothing else waits for it. An event is done with when its shards have it for good; told again, it changes nothing there.
 */
export function createConditionService(options: ConditionServiceOptions): ConditionService {
  const teller = new Teller(options.shards);
  const lately = new ToldLately();
  let running: RunningFeed | null = null;
  const wanted = (trigger: string): boolean => options.definitions.current().remembering.triggers.has(trigger);
  return {
    start: async () => {
      if (running) return;
      await options.events.beginAt(options.group, options.rulesGroup);
      running = await options.events.feed(wanted).start({
        group: options.group,
        from: 'earliest',
        gatherMs: GATHER_MS,
        maxBatch: MAX_BATCH,
        handler: (batch) => handleBatch(batch, { ...options, teller, lately, wanted }),
        onState: (state) => {
          if (state.kind === 'retrying')
            options.log.warn({ attempt: state.attempt, reason: state.reason }, 'condition service waits');
        },
      });
    },
    stop: async () => {
      const feed = running;
      running = null;
      await feed?.stop();
    },
    state: () => running?.state() ?? { kind: 'stopped' },
  };
}

type Handling = ConditionServiceOptions & {
  teller: Teller;
  lately: ToldLately;
  wanted: (trigger: string) => boolean;
};

async function handleBatch(batch: Batch<LogEntry>, handling: Handling): Promise<void> {
  const { lately, definitions, store } = handling;
  lately.keep(definitions.current().remembering.byRef.values());
  const tells: EventTell[] = [];
  const failures = [];
  for (const entry of batch.entries) {
    if (entry.kind !== 'event' || !handling.wanted(entry.event.trigger)) continue;
    const collected = collectTells(await judgeEvent(entry.event, handling));
    failures.push(...collected.failures);
    tells.push(...collected.tells);
  }
  await tellShards(tells, handling);
  if (failures.length > 0) await store.enforcements.record(failures);
  await handling.debug?.('after-shards-told');
  batch.done(batch.entries.length - 1);
}

/** Tells each shard what is new to it, all shards at once, each in the order of the log. */
async function tellShards(tells: readonly EventTell[], { teller, lately }: Handling): Promise<void> {
  const words = new Map<string, { place: ShardPlace; told: EventTell[] }>();
  for (const each of tells) {
    const { rule, tell } = each;
    if (!lately.isNews(rule, tell.k, tell.a)) continue;
    const shard = shardOf(tell.k, rule.shards);
    const name = `${rule.rule.uid} ${shard}`;
    const word = words.get(name) ?? { place: { spec: rule.spec, shard }, told: [] };
    words.set(name, word);
    word.told.push(each);
  }
  const say = async ({ place, told }: { place: ShardPlace; told: EventTell[] }): Promise<void> => {
    try {
      await teller.tell(
        place,
        told.map(({ tell }) => tell),
      );
    } catch (error) {
      for (const { rule, tell } of told) lately.forget(rule, tell.k);
      throw error;
    }
  };
  const said = await Promise.allSettled([...words.values()].map(say));
  for (const outcome of said) if (outcome.status === 'rejected') throw outcome.reason;
}
