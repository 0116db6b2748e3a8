import type { LoggedEvent } from '../../../src/model/event';
import { timerWorkflowId } from '../../../src/model/ids';
import { connectClient } from '../../../src/adapters/temporal/client';
import type { TemporalClient } from '../../../src/adapters/temporal/client';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { temporalAddress } from '../../helpers/addresses';
import { send } from '../api/golden';
import type { Reply } from '../api/golden';
import { startPlatform } from '../api/platform';
import type { TestPlatform } from '../api/platform';
import { until } from '../temporal/support';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

let platform: TestPlatform;
let raw: TemporalClient;

beforeAll(async () => {
  platform = await startPlatform({ rules: true });
  const codec = createCodec(platform.codecKey);
  raw = await connectClient({ address: temporalAddress(), namespace: platform.name, codec });
}, 120_000);
afterAll(async () => {
  await raw.connection.close();
  await platform.stop();
}, 60_000);

const call = (method: string, path: string, body: unknown): Promise<Reply> =>
  send(platform.base, { method, path, headers: { 'Content-Type': 'application/json' }, body });

async function fires(trigger: string): Promise<LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  for await (const event of platform.kafka.eventLog.all()) if (event.trigger === trigger) found.push(event);
  return found;
}

test('a rule on an interval timer makes it fire; disabling the rule ends it', async () => {
  const rule = {
    name: 'every_second',
    pack: 'core',
    enabled: true,
    trigger: { type: 'core.st2.IntervalTimer', parameters: { unit: 'seconds', delta: 1 } },
    criteria: {},
    action: { ref: 'core.noop', parameters: {} },
  };
  expect((await call('POST', '/v1/rules', rule)).status).toBe(201);
  const trigger = (await platform.store.definitions.get('rule', 'core.every_second'))?.trigger.ref ?? '';
  const events = await until('three fires', async () => {
    const found = await fires(trigger);
    return found.length >= 3 && found;
  });
  for (const { payload } of events) {
    const executedAt = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00$/) as string;
    expect(payload).toEqual({ executed_at: executedAt, schedule: null });
  }
  expect(new Set(events.map(({ occurredAt }) => Date.parse(occurredAt) % 1_000)).size).toBe(1);

  const workflow = raw.client.workflow.getHandle(timerWorkflowId(trigger));
  expect((await workflow.describe()).status.name).toBe('RUNNING');
  expect((await call('PUT', '/v1/rules/core.every_second', { ...rule, enabled: false })).status).toBe(200);
  await until('the timer ended', async () => (await workflow.describe()).status.name === 'CANCELLED');
}, 60_000);
