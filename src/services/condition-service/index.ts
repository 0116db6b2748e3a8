import type { LogEntry } from '../../model/event';
import type { Batch, FeedState, RunningFeed } from '../../ports/feed';
import type { EventLog } from '../../ports/event-log';
import type { ShardPlace, Shards } from '../../ports/shards';
import { shardOf } from '../../rules/remember';
import type { RuleServiceOptions } from '../rule-service/options';
import { RuleSets } from '../rule-service/rule-sets';
import { nextTells } from './collect-tells';
import type { EventTell, TellPortion } from './collect-tells';
import { Teller } from './teller';
import { ToldLately } from './told-lately';

export interface ConditionServiceOptions extends Pick<
  RuleServiceOptions,
  'definitions' | 'validatePayload' | 'runnerType' | 'log' | 'now' | 'debug'
> {
  events: Pick<EventLog, 'feed' | 'beginAt'>;
  shards: Pick<Shards, 'tell'>;
  store: Pick<RuleServiceOptions['store'], 'ruleSets'> & {
    enforcements: Pick<RuleServiceOptions['store']['enforcements'], 'record'>;
  };
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
  const { group, definitions, log, store } = options;
  const ruleSets = new RuleSets({ group, marks: store.ruleSets, definitions, log });
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
        handler: (batch) => handleBatch(batch, { ...options, teller, lately, ruleSets, wanted }),
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
  ruleSets: RuleSets;
  wanted: (trigger: string) => boolean;
};

async function handleBatch(batch: Batch<LogEntry>, handling: Handling): Promise<void> {
  handling.lately.keep(handling.definitions.current().remembering.byRef.values());
  for (let from = 0; from < batch.entries.length;) {
    const portion = await nextTells(batch.entries, from, handling);
    await handlePortion(portion, handling);
    from = portion.end;
    batch.done(from - 1);
    handling.ruleSets.passed(batch.entries[from - 1] as LogEntry);
  }
}

async function handlePortion({ tells, failures, last, ruleSet }: TellPortion, handling: Handling): Promise<void> {
  if (tells.length + failures.length === 0 || !last || !ruleSet) return;
  await handling.ruleSets.judged(last, ruleSet);
  await tellShards(tells, handling);
  if (failures.length > 0) await handling.store.enforcements.record(failures);
  await handling.debug?.('after-shards-told');
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
