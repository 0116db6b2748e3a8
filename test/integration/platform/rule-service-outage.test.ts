import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { createSender, planInputs } from '../../../src/bin/demo/inputs';
import type { DemoInput } from '../../../src/bin/demo/inputs';
import { createTracer } from '../../../src/bin/demo/trail';
import { ExecutionStatus } from '../../../src/model/statuses';
import { kafkaBroker, temporalAddress } from '../../helpers/addresses';
import { eventually, newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform } from '../../helpers/dev-process';
import { startTcpGate } from '../../helpers/tcp-gate';
import type { TcpGate } from '../../helpers/tcp-gate';
import { enforcementsOf, executionsOf } from './api';

/** Long enough for polls, heartbeats, calls and the rule service's first tries to have failed. */
const OUTAGE_MS = 20_000;
const ALL_BACK_MS = 45_000;
const RULES = ['demo.alert', 'demo.alertmanager', 'demo.check_result'];
const WAYS = [
  ['refuses connections', 'refuse'],
  ['is silent behind open connections', 'hold'],
] as const;

describe('events that come while Temporal is out of reach', () => {
  let gate: TcpGate;
  let platform: DevPlatform;
  let sender: Awaited<ReturnType<typeof createSender>>;
  beforeAll(async () => {
    gate = await startTcpGate(temporalAddress());
    platform = await newDevPlatform({ EVERSTORM_TEMPORAL_ADDRESS: gate.address });
    await platform.start();
    sender = await createSender({
      apiUrl: platform.apiUrl,
      brokers: [kafkaBroker()],
      eventsTopic: platform.eventsTopic,
      checksFile: join(platform.home, 'demo', 'checks.jsonl'),
    });
  }, 150_000);
  afterAll(async () => {
    await sender.close();
    await platform.dispose();
    await gate.close();
  });

  const missing = async (): Promise<string[]> => {
    const response = await fetch(`${platform.apiUrl}/readyz`, { signal: AbortSignal.timeout(5_000) });
    const { missing: found = [] } = (await response.json()) as { missing?: { name: string }[] };
    expect(response.status).toBe(found.length === 0 ? 200 : 503);
    return found.map(({ name }) => name);
  };
  const enforcements = async () =>
    (await Promise.all(RULES.map((rule) => enforcementsOf(platform.apiUrl, rule)))).flat();
  const deadLetters = async (): Promise<number> => {
    const admin = new Kafka({ brokers: [kafkaBroker()], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(platform.deadLetterTopic);
    await admin.disconnect();
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  };
  /** One input of each kind a second, all acknowledged, until the time is over. */
  const sendFor = async (ms: number, run: string): Promise<DemoInput[]> => {
    const sent: DemoInput[] = [];
    const end = Date.now() + ms;
    for await (const _tick of setInterval(1_000)) {
      if (Date.now() > end) break;
      for (const input of planInputs(`${run}${sent.length}`, 1)) {
        await sender.send(input);
        sent.push(input);
      }
    }
    return sent;
  };

  it.each(WAYS)(
    'are all done, once, after it came back, when it %s',
    async (_name, away) => {
      const since = new Date(Date.now() - 1_000).toISOString();
      const before = planInputs(`${away}-before`, 2);
      for (const input of before) await sender.send(input);
      await gate[away]();
      await eventually('/readyz says that Temporal is gone', async () => (await missing()).includes('temporal'));
      const started = (await enforcements()).length;
      const during = await sendFor(OUTAGE_MS, `${away}-during`);
      expect(during.length).toBeGreaterThan(30);
      // The rule service waits as well, and says so; no other dependency is blamed.
      expect((await missing()).filter((name) => name !== 'rules')).toEqual(['temporal']);
      expect(await enforcements()).toHaveLength(started);

      await gate.open();
      await eventually('/readyz says that all is there', async () => (await missing()).length === 0);
      const after = planInputs(`${away}-after`, 1);
      for (const input of after) await sender.send(input);
      const inputs = [...before, ...during, ...after];
      const trails = await createTracer(platform.apiUrl, since).follow(inputs, ALL_BACK_MS);
      const outcome = trails.map(({ input, executions: [only, ...more] }) => {
        const effects = platform.report().split(` on ${input.host}:`).length - 1;
        return { host: input.host, status: only?.status, more: more.length, effects };
      });
      // What Temporal had handed to a poll that nobody heard any more, or whose heartbeats did not get through, is known as abandoned
      // and by its metadata not done again: neither lost nor done twice (design, guarantee 4).
      expect(outcome).toEqual(
        outcome.map(({ host, status, effects }) => {
          return status === ExecutionStatus.abandoned
            ? { host, status, more: 0, effects: Math.min(effects, 1) }
            : { host, status: ExecutionStatus.succeeded, more: 0, effects: 1 };
        }),
      );
      const succeeded = outcome.filter(({ status }) => status === ExecutionStatus.succeeded);
      expect(succeeded.length).toBeGreaterThan(inputs.length / 2);
      const ids = trails.flatMap(({ executions }) => executions.map(({ id }) => id));
      const made = (await enforcements()).filter(({ execution_id: id }) => ids.includes(id ?? ''));
      // A sensor that was given up on and started again sends its last events again: those are known by their ids.
      const kept = made.filter(({ status }) => status !== 'deduplicated');
      expect(kept.map(({ status, execution_id: id }) => [id, status]).sort()).toEqual(
        ids.map((id) => [id, 'succeeded']).sort(),
      );
      const ofInstances = new Set(made.map(({ trigger_instance_id: id }) => id));
      expect(ofInstances.size).toBe(made.length);
      const all = (await executionsOf(platform.apiUrl, 'demo.diagnose')).map(({ id }) => id);
      expect(all.filter((id) => ids.includes(id)).sort()).toEqual([...ids].sort());
      expect(new Set(ids).size).toBe(inputs.length);
      expect(await deadLetters()).toBe(0);
    },
    90_000,
  );
});
