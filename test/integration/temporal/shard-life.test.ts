import { randomUUID } from 'node:crypto';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { Worker } from '@temporalio/worker';
import type { EnactInput, EnactResult, ShardActivities } from '../../../activities/contract';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { createRulesWorker } from '../../../src/adapters/temporal/worker';
import { shardWorkflowId } from '../../../src/model/ids';
import type { Decision, ShardSpec, Tell } from '../../../src/model/shard';
import type { ShardPlace } from '../../../src/ports/shards';
import { RULES_TASK_QUEUE } from '../../../workflows/contract';
import { saveHistory } from '../../replay/save-history';
import { KEY, startRig, until } from './support';
import type { Rig } from './support';

/** What the rules role would do, under the test's control. */
class RulesRole implements ShardActivities {
  readonly decisions: Decision[] = [];
  /** So many calls fail, of all shards. */
  failing = 0;
  behind = false;
  readonly running = new Set<string>();

  'everstorm.enact' = async ({ decisions }: EnactInput): Promise<EnactResult> => {
    if (this.failing > 0) {
      this.failing -= 1;
      throw new Error('the database is away');
    }
    this.decisions.push(...decisions);
    return Promise.resolve(
      decisions.map((decision): EnactResult[number] => {
        if (decision.kind === 'suppress') return [decision.instance, null];
        this.running.add(`execution of ${decision.instance}`);
        return [decision.instance, `execution of ${decision.instance}`];
      }),
    );
  };
  'everstorm.caught-up' = async (): Promise<void> => {
    await this.beatingUntil(() => !this.behind);
  };
  'everstorm.ended' = async (ids: string[]): Promise<string[]> => {
    const ended = (): string[] => ids.filter((id) => !this.running.has(id));
    await this.beatingUntil(() => ended().length > 0);
    return ended();
  };

  of(rule: string): Decision[] {
    return this.decisions.filter(({ key }) => key.startsWith(rule));
  }
  private async beatingUntil(condition: () => boolean): Promise<void> {
    const signal = cancellationSignal();
    await until(
      'the test lets it go on',
      () => {
        heartbeat();
        return signal.aborted || condition();
      },
      60_000,
    );
  }
}

/** The task queue of the rules roles has one name in each namespace. */
const SHARDS = 'everstorm-test-shards';

let rig: Rig;
let worker: Worker;
let working: Promise<void>;
const role = new RulesRole();

beforeAll(async () => {
  const runners = { run: () => Promise.resolve({ status: 'succeeded' as const, result: null }) };
  rig = await startRig(runners, undefined, { namespace: SHARDS });
  worker = await createRulesWorker({
    connection: rig.connection,
    namespace: SHARDS,
    taskQueue: RULES_TASK_QUEUE,
    codec: createCodec(KEY),
    activities: { ...role },
  });
  working = worker.run();
}, 120_000);
afterAll(async () => {
  role.behind = false;
  role.running.clear();
  await rig.temporal.shards.retire(() => Promise.resolve([]));
  worker.shutdown();
  await working;
  await rig.stop();
}, 60_000);

/** A shard of a rule of its own, whose keys begin with the rule's name. */
function shard(what: Pick<ShardSpec, 'condition' | 'guard'>) {
  const name = randomUUID().slice(0, 8);
  const ref = `test.${name}`;
  const place: ShardPlace = {
    spec: { rule: { ref, id: name, uid: `rule:test:${name}` }, version: '1', ...what },
    shard: 0,
  };
  let offset = 0;
  const tells = (...keys: string[]): Tell[] =>
    keys.map((key) => {
      offset += 1;
      return {
        k: `${name} ${key}`,
        a: Date.now(),
        i: `000000000000${offset.toString(16).padStart(12, '0')}`,
        e: `${offset}`,
      };
    });
  const handle = rig.raw.client.workflow.getHandle(shardWorkflowId(ref, '1', 0));
  return {
    name,
    ref,
    place,
    handle,
    tells,
    tell: async (...keys: string[]): Promise<Tell[]> => {
      const told = tells(...keys);
      await rig.temporal.shards.tell(place, told);
      return told;
    },
    decisions: () => role.of(name),
    about: (key: string) => rig.temporal.shards.about(place, `${name} ${key}`),
  };
}

test('what it decided is enacted in the end, however often that fails; told again, it decides nothing anew', async () => {
  const one = shard({ condition: { type: 'threshold', count: 2, within: 60_000, late: 0 } });
  role.failing = 2;
  const told = await one.tell('a', 'a', 'b');
  await until('it fired', () => one.decisions().length === 1);
  await rig.temporal.shards.tell(one.place, told);
  await rig.temporal.shards.tell(one.place, [...told.slice(2), ...one.tells('b')]);
  await until('it fired for b', () => one.decisions().length === 2);
  expect(one.decisions()).toMatchObject([
    { kind: 'fire', key: `${one.name} a`, instance: told[1]?.i, facts: { count: 2 } },
    { kind: 'fire', key: `${one.name} b` },
  ]);
  expect(await one.about('a')).toEqual({ key: `${one.name} a` });
  await saveHistory('shard-threshold', await one.handle.fetchHistory());
}, 60_000);

test('silence is not believed before everything in the log was told', async () => {
  const one = shard({ condition: { type: 'absence', within: 800 } });
  role.behind = true;
  await one.tell('silent', 'late');
  await until('it asks whether it knows all', async () =>
    (await one.handle.describe()).raw.pendingActivities?.some(
      ({ activityType }) => activityType?.name === 'everstorm.caught-up',
    ),
  );
  await one.tell('late');
  role.behind = false;
  await until('it fired', () => one.decisions().length === 1);
  expect(one.decisions()).toMatchObject([{ kind: 'fire', key: `${one.name} silent`, facts: { type: 'absence' } }]);
  await until('the other one is silent too, later', () => one.decisions().length === 2);
  await saveHistory('shard-absence', await one.handle.fetchHistory());
}, 60_000);

test('those that wait get their turn as executions end, and are told as suppressed when the rule goes', async () => {
  const one = shard({ guard: { concurrency: { limit: 1, delay: true } } });
  const told = await one.tell('a', 'a', 'a');
  await until('the first', () => one.decisions().length === 1);
  expect(await one.about('a')).toMatchObject({ running: 1, waiting: 2 });
  role.running.delete(`execution of ${told[0]?.i ?? ''}`);
  await until('the second', () => one.decisions().length === 2);
  await until('it can be listed', async () => {
    const query = `WorkflowId = '${one.handle.workflowId}' AND ExecutionStatus = 'Running'`;
    return (await rig.raw.client.workflow.count(query)).count > 0;
  });
  await rig.temporal.shards.retire(() => Promise.resolve([]));
  await until('it ended', async () => (await one.handle.describe()).status.name === 'CANCELLED');
  expect(one.decisions().at(-1)).toMatchObject({
    kind: 'suppress',
    instance: told[2]?.i,
    reason: expect.stringContaining('removed'),
  });
  await saveHistory('shard-guard', await one.handle.fetchHistory());
}, 60_000);

test('a shard that is wanted stays, and one that came while the wanted ones were asked for', async () => {
  const [kept, young] = [0, 1].map(() => shard({ guard: { throttle: { limit: 1, per: 60_000 } } })) as [
    ReturnType<typeof shard>,
    ReturnType<typeof shard>,
  ];
  await kept.tell('a');
  await until('it can be listed', async () => {
    const query = `WorkflowId = '${kept.handle.workflowId}' AND ExecutionStatus = 'Running'`;
    return (await rig.raw.client.workflow.count(query)).count > 0;
  });
  await rig.temporal.shards.retire(async () => {
    await young.tell('a');
    return [{ ruleRef: kept.ref, version: '1' }];
  });
  await until('both decided', () => kept.decisions().length + young.decisions().length === 2);
  for (const { handle } of [kept, young]) expect((await handle.describe()).status.name).toBe('RUNNING');
}, 60_000);

test('it continues as new when its history grows, and forgets nothing', async () => {
  const one = shard({ condition: { type: 'threshold', count: 3, within: 3_600_000, late: 0 } });
  const long = 'x'.repeat(400);
  const keys = Array.from({ length: 1_000 }, (_, n) => `${n} ${long}`);
  await one.tell(...keys);
  const { runId } = await one.handle.describe();
  await one.tell(...keys);
  // Enough to be too much for one history; all of it was told before.
  const again = one
    .tells(...keys)
    .map((tell, n) => ({ ...tell, i: `000000000000${(n + 1).toString(16).padStart(12, '0')}` }));
  await until(
    'it continues as new',
    async () => {
      await rig.temporal.shards.tell(one.place, again);
      return (await one.handle.describe()).runId !== runId;
    },
    60_000,
  );
  expect(one.decisions()).toEqual([]);
  await one.tell(...keys.slice(0, 50));
  await until('what it knew counts', () => one.decisions().length === 50);
  await until('it is quiet', async () => (await one.about(`0 ${long}`))?.counted === undefined);
  const first = rig.raw.client.workflow.getHandle(one.handle.workflowId, runId);
  expect((await first.describe()).status.name).toBe('CONTINUED_AS_NEW');
}, 120_000);
