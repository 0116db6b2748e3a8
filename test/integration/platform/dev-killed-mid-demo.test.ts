import { createSender, planInputs } from '../../../src/bin/demo/inputs';
import type { DemoInput } from '../../../src/bin/demo/inputs';
import { createTracer } from '../../../src/bin/demo/trail';
import type { Trail } from '../../../src/bin/demo/trail';
import { executionIdForEvent } from '../../../src/model/ids';
import { ExecutionStatus, isCompleted } from '../../../src/model/statuses';
import { kafkaBroker } from '../../helpers/addresses';
import { eventually, newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform } from '../../helpers/dev-process';
import { enforcementsOf, executionsOf } from './api';

const ALERTS = 60;
const CLOUD_EVENTS = 20;
const SENDERS = 4;

const effectsOf = (report: string, host: string): number => report.split(` on ${host}:`).length - 1;

/** Every input once, several at a time, as senders that know nothing of one another. */
async function sendAll(inputs: readonly DemoInput[], send: (input: DemoInput) => Promise<void>): Promise<void> {
  const lanes = Array.from({ length: SENDERS }, async (_, lane) => {
    for (const input of inputs.filter((_input, n) => n % SENDERS === lane)) await send(input);
  });
  await Promise.all(lanes);
}

describe('the whole platform killed in the middle of a storm', () => {
  let platform: DevPlatform;
  let trails: Trail[];
  let report: string;
  const planned = planInputs('storm', ALERTS);
  const inputs = [
    ...planned.filter(({ kind }) => kind === 'alertmanager'),
    ...planned.filter(({ kind }) => kind === 'cloudevent').slice(0, CLOUD_EVENTS),
  ];

  beforeAll(async () => {
    platform = await newDevPlatform();
    await platform.start();
    const since = new Date(Date.now() - 5_000).toISOString();
    const sender = await createSender({
      apiUrl: platform.apiUrl,
      brokers: [kafkaBroker()],
      eventsTopic: platform.eventsTopic,
      checksFile: '/dev/null',
    });
    const sent = sendAll(inputs, (input) => sender.send(input));
    const done = (): number => inputs.filter(({ host }) => effectsOf(platform.report(), host) > 0).length;
    await eventually('some effects are there', () => done() >= 5, 60_000);
    await platform.kill9();
    const before = done();
    expect(before).toBeLessThan(inputs.length); // else nothing was interrupted and this test shows nothing
    await platform.start();
    await sent;
    await sender.close();
    trails = await createTracer(platform.apiUrl, since).follow(inputs, 120_000);
    report = platform.report();
  }, 300_000);
  afterAll(() => platform.dispose());

  it('has one execution that ended for each event, with the id that the event gives it', () => {
    const unlike = trails
      .filter(({ executions: [only, ...more] }) => more.length > 0 || !isCompleted(only?.status as ExecutionStatus))
      .map(({ input, executions }) => [input.host, executions.map(({ id, status }) => `${id} ${status}`)]);
    expect(unlike).toEqual([]);
    expect(new Set(trails.flatMap(({ executions }) => executions.map(({ id }) => id))).size).toBe(inputs.length);
  });

  it('has no second enforcement or execution of a rule and an event', async () => {
    for (const ruleRef of ['demo.alertmanager', 'demo.alert']) {
      const ofRule = trails.filter(({ input }) => input.ruleRef === ruleRef);
      const enforcements = await enforcementsOf(platform.apiUrl, ruleRef);
      const ids = enforcements.flatMap(({ status, execution_id: id }) => (status === 'succeeded' && id ? [id] : []));
      expect(ids).toHaveLength(ofRule.length);
      expect(new Set(ids).size).toBe(ofRule.length);
      // A sender that was cut off sent again: a second instance of the same event, which starts nothing.
      const again = enforcements.filter(({ status }) => status !== 'succeeded');
      expect(again.filter(({ status }) => status !== 'deduplicated')).toEqual([]);
      expect(again.length).toBeLessThanOrEqual(SENDERS);
      for (const { execution_id: id } of again) expect(ids).toContain(id);
    }
    expect(await executionsOf(platform.apiUrl, 'demo.diagnose')).toHaveLength(inputs.length);
    const cloudEvents = trails.filter(({ input }) => input.kind === 'cloudevent');
    for (const { input, executions } of cloudEvents) {
      expect(executions[0]?.id).toBe(executionIdForEvent('rule:demo:alert', '/demo/kafka-client', input.host));
    }
  });

  it('did each effect once; an action whose worker died is known as abandoned and was not repeated', () => {
    for (const { input, executions } of trails) {
      const effects = effectsOf(report, input.host);
      const status = executions[0]?.status;
      expect({ host: input.host, status, effects }).toEqual({
        host: input.host,
        status: status === ExecutionStatus.abandoned ? status : ExecutionStatus.succeeded,
        effects: status === ExecutionStatus.abandoned ? Math.min(effects, 1) : 1,
      });
    }
    // Most were not under way when the process died.
    expect(
      trails.filter(({ executions }) => executions[0]?.status === ExecutionStatus.succeeded).length,
    ).toBeGreaterThan(inputs.length / 2);
  });
});
