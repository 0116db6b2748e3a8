import {
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  isCancellation,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { EnactInput, EnactResult, ShardActivities } from '../activities/contract';
import { ShardMachine } from '../src/conditions/shard-machine';
import type { ShardState } from '../src/conditions/shard-machine';
import type { Decision, ShardKeyState, ShardSpec, Tell } from '../src/model/shard';
import { HEARTBEAT_TIMEOUT_MS } from '../src/model/timings';
import { KEY_QUERY, RULES_TASK_QUEUE, TELL_SIGNAL } from './contract';

const tellSignal = defineSignal<[Tell[]]>(TELL_SIGNAL);
const keyQuery = defineQuery<ShardKeyState, [string]>(KEY_QUERY);

const retry = { initialInterval: '500 milliseconds', maximumInterval: '10 seconds' } as const;
const asking = proxyActivities<ShardActivities>({
  taskQueue: RULES_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
  retry,
});

/** Decisions enacted by one activity: as many as it does within a moment, and as fit into its input. */
const AT_ONCE = 100;
/** What is due a moment later is told with what is due now. */
const TOGETHER_MS = 200;
const LONGEST_WAIT_MS = 3_600_000;
const RETIRED = 'the rule was removed, disabled, or given another condition or guard';

/**
 * One shard of a rule that remembers: takes what it is told of, decides, and has it enacted, one batch after the other. Goes on for ever; when
 * it is cancelled (the rule is gone) what still waited is recorded as suppressed.
 */
export async function shardWorkflow(spec: ShardSpec, carried?: ShardState): Promise<void> {
  const machine = new ShardMachine(spec, carried);
  const inbox: Tell[][] = [];
  let freed: string[] | null = null;
  let watching = false;
  setHandler(tellSignal, (tells) => void inbox.push(tells));
  setHandler(keyQuery, (key) => machine.about(key, Date.now()));

  const enact = async (decisions: readonly Decision[]): Promise<void> => {
    for (let from = 0; from < decisions.length; from += AT_ONCE) {
      const input: EnactInput = { rule: spec.rule, decisions: decisions.slice(from, from + AT_ONCE) };
      const results: EnactResult = await asking['everstorm.enact'](input);
      for (const [instance, executionId] of results) machine.started(instance, executionId);
    }
  };
  const takeTells = (): Decision[] => inbox.splice(0).flatMap((tells) => machine.tell(tells, Date.now()));
  /** Asks beside everything else for executions to end, as long as some have a place. */
  const watch = (): void => {
    const running = machine.running();
    if (watching || running.length === 0) return;
    watching = true;
    asking['everstorm.ended'](running).then(
      (ended) => ((freed = ended), (watching = false)),
      () => ((freed = []), (watching = false)),
    );
  };
  /** What did not happen in time, once the log as it was then has been told. */
  const overdue = async (): Promise<Decision[]> => {
    const by = Date.now();
    if (!machine.isDue(by)) return [];
    await asking['everstorm.caught-up']();
    const told = takeTells();
    return [...told, ...machine.expire(by, Date.now())];
  };
  const step = async (): Promise<void> => {
    if (freed) machine.ended(freed);
    freed = null;
    await enact([...takeTells(), ...machine.due(Date.now())]);
    await enact(await overdue());
    if (!workflowInfo().continueAsNewSuggested) watch();
  };
  const wait = async (): Promise<void> => {
    const next = machine.nextAt();
    const ms = next === null ? LONGEST_WAIT_MS : Math.max(next - Date.now(), 0) + TOGETHER_MS;
    await condition(() => inbox.length > 0 || freed !== null, Math.min(ms, LONGEST_WAIT_MS));
  };

  try {
    for (await step(); !workflowInfo().continueAsNewSuggested || inbox.length > 0 || watching; await step())
      await wait();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => enact(machine.abandon(RETIRED)));
    throw error;
  }
  await makeContinueAsNewFunc<typeof shardWorkflow>()(spec, machine.state(Date.now()));
}
