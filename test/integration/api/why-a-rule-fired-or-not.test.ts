import type { JsonObject } from '../../../src/model/json';
import { until } from '../temporal/support';
import { startPlatform } from './platform';
import type { TestPlatform } from './platform';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform({ rules: true });
}, 120_000);
afterAll(() => platform.stop(), 60_000);

interface Answer {
  status: number;
  body: JsonObject;
}
async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${platform.base}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json().catch(() => ({}))) as JsonObject };
}

const TRIGGER = { type: 'core.st2.webhook', parameters: { url: 'why' } };
const rule = (name: string, more: object = {}): object => ({
  name,
  enabled: true,
  trigger: TRIGGER,
  action: { ref: 'core.noop', parameters: {} },
  ...more,
});
const criteria = (host: string, load: number): object => ({
  criteria: {
    'trigger.body.host': { type: 'eq', pattern: host },
    'trigger.body.load': { type: 'gt', pattern: load },
  },
});

/** Publishes an event and waits until the rule service has done with it. */
async function event(body: object): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${platform.base}/v1/webhooks/why`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(202);
  const id = String(response.headers.get('x-trigger-instance'));
  await until('the event is processed', async () => {
    const { body: instance } = await call('GET', `/v1/triggerinstances/${id}`);
    return instance['status'] === 'processed';
  });
  return id;
}
/** An event that the rule service already held against the rule: a new rule reaches it within a second. */
async function eventFor(ref: string, body: object): Promise<string> {
  const seen = await until('the rule service knows the rule', async () => {
    const id = await event(body);
    const { body: explained } = await call('GET', `/v1/rules/${ref}/explain?trigger_instance=${id}`);
    return 'enforcement' in explained && id;
  });
  return seen as string;
}

test('each rule of the trigger says why it fired or not, criterion by criterion', async () => {
  for (const document of [
    rule('fires', criteria('web01', 5)),
    rule('nearly', criteria('web01', 50)),
    rule('breaks', { criteria: { 'trigger.body.host': { type: 'gt', pattern: 5 } } }),
    rule('off', { enabled: false }),
    rule('backstop', { type: { ref: 'backstop', parameters: {} } }),
  ])
    expect((await call('POST', '/v1/rules', document)).status).toBe(201);
  const id = await eventFor('default.breaks', { host: 'web01', load: 7 });

  const explained = async (name: string): Promise<JsonObject> =>
    (await call('GET', `/v1/rules/default.${name}/explain?trigger_instance=${id}`)).body;
  expect(await explained('fires')).toMatchObject({
    outcome: 'matched',
    criteria: [
      { key: 'trigger.body.host', operator: 'eq', pattern: 'web01', value: 'web01', matched: true, asked: true },
      { key: 'trigger.body.load', operator: 'gt', pattern: 5, value: 7, matched: true, asked: true },
    ],
    action: 'core.noop',
    parameters: {},
    enforcement: { status: 'succeeded', trigger_instance_id: id },
    execution: { status: expect.any(String) as string },
  });
  expect(await explained('nearly')).toMatchObject({
    outcome: 'not-matched',
    criteria: [{ matched: true }, { matched: false, value: 7, pattern: 50 }],
  });
  expect(await explained('nearly')).not.toHaveProperty('enforcement');
  expect(await explained('breaks')).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining("'>' not supported") as string,
    enforcement: { status: 'failed' },
  });
  expect(await explained('off')).toMatchObject({ outcome: 'disabled' });
  expect(await explained('backstop')).toMatchObject({
    outcome: 'suppressed-by-standard-rules',
    reason: expect.stringContaining('default.fires') as string,
  });

  const { body } = await call('GET', `/v1/triggerinstances/${id}/explain`);
  const rules = body['rules'] as { rule: { ref: string }; outcome: string; nearly: boolean; against: string[] }[];
  expect(rules.map((each) => [each.rule.ref, each.outcome, each.nearly, each.against])).toEqual([
    ['default.fires', 'matched', false, []],
    ['default.breaks', 'failed', false, ['trigger.body.host']],
    ['default.backstop', 'suppressed-by-standard-rules', false, []],
    ['default.nearly', 'not-matched', true, ['trigger.body.load']],
    ['default.off', 'disabled', false, []],
  ]);
}, 60_000);

test('a rule in shadow mode is recorded and starts nothing; a backstop rule is asked as if it were not there', async () => {
  const mine = (name: string, more: object): object =>
    rule(name, {
      trigger: { type: 'core.st2.webhook', parameters: { url: 'why' } },
      criteria: { 'trigger.body.shadow': { type: 'eq', pattern: 1 } },
      ...more,
    });
  expect((await call('POST', '/v1/rules', mine('shadow', { mode: 'shadow' }))).body).toMatchObject({ mode: 'shadow' });
  expect(
    (await call('POST', '/v1/rules', mine('safety_net', { type: { ref: 'backstop', parameters: {} } }))).status,
  ).toBe(201);
  expect(await call('POST', '/v1/rules', mine('wrong', { mode: 'half' }))).toMatchObject({
    status: 400,
    body: { faultstring: expect.stringContaining("'half' is not one of") as string },
  });
  const id = await eventFor('default.safety_net', { shadow: 1 });
  const of = async (name: string): Promise<JsonObject> =>
    (await call('GET', `/v1/rules/default.${name}/explain?trigger_instance=${id}`)).body;
  const shadow = await of('shadow');
  expect(shadow).toMatchObject({ outcome: 'matched', rule: { mode: 'shadow' }, enforcement: { status: 'shadowed' } });
  expect(shadow).not.toHaveProperty('execution');
  expect(shadow['enforcement']).not.toHaveProperty('execution_id');
  expect(await of('safety_net')).toMatchObject({ outcome: 'matched', enforcement: { status: 'succeeded' } });
});

test('what is not there is named', async () => {
  const id = await event({ host: 'elsewhere' });
  expect(await call('GET', `/v1/rules/default.nosuch/explain?trigger_instance=${id}`)).toMatchObject({ status: 404 });
  expect(await call('GET', `/v1/rules/default.fires/explain?trigger_instance=${'0'.repeat(24)}`)).toMatchObject({
    status: 404,
  });
  expect(await call('GET', '/v1/rules/default.fires/explain')).toMatchObject({
    status: 400,
    body: { faultstring: expect.stringContaining('trigger_instance') as string },
  });
});

test('a template that can not be compiled is refused with the rule, and the field named', async () => {
  const parameters = { cmd: 'echo {{ trigger.body.host | nosuchfilter }}' };
  expect(await call('POST', '/v1/rules', rule('broken', { action: { ref: 'core.local', parameters } }))).toMatchObject({
    status: 400,
    body: { faultstring: expect.stringContaining('action.parameters.cmd') as string },
  });
});
