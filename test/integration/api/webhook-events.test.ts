import type { Trigger } from '../../../src/model/trigger';
import { triggerDocument } from '../../../src/packs/trigger-documents';
import { until } from '../temporal/support';
import { isObject, send } from './golden';
import type { Reply } from './golden';
import { startPlatform } from './platform';
import type { TestPlatform } from './platform';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

let platform: TestPlatform;

const call = (method: string, path: string, body: unknown = null, headers: Record<string, string> = {}) =>
  send(platform.base, { method, path, headers: { 'Content-Type': 'application/json', ...headers }, body });

const rule = (name: string, url: string) => ({
  name,
  pack: 'default',
  enabled: true,
  trigger: { type: 'core.st2.webhook', parameters: { url } },
  criteria: {},
  action: { ref: 'core.echo', parameters: { message: '{{ trigger.body.k }}' } },
});

async function deliver(url: string, headers: Record<string, string> = {}): Promise<string> {
  const reply = await call('POST', `/v1/webhooks/${url}`, { k: 'v' }, headers);
  expect(reply.status).toBe(202);
  return String(reply.headers['x-trigger-instance']);
}

const payloadOf = async (id: string): Promise<Record<string, Record<string, string>>> => {
  const { status, body } = await call('GET', `/v1/triggerinstances/${id}`);
  expect(status).toBe(200);
  return (body as { payload: Record<string, Record<string, string>> }).payload;
};

beforeAll(async () => {
  platform = await startPlatform({ rules: true });
  expect((await call('POST', '/v1/rules', rule('hooked', 'hooked'))).status).toBe(201);
}, 120_000);
afterAll(() => platform.stop(), 60_000);

const SECRET = 'c0ffee-secret';
const CREDENTIALS = {
  Authorization: `Bearer ${SECRET}`,
  'Proxy-Authorization': `Basic ${SECRET}`,
  'X-Auth-Token': SECRET,
  'ST2-API-KEY': SECRET,
  Cookie: `auth-token=${SECRET}`,
};

test('no credential reaches the event, whatever its spelling; other headers do, in both spellings', async () => {
  const id = await deliver('hooked', { ...CREDENTIALS, 'X-Custom': 'kept' });
  const payload = await payloadOf(id);
  expect(payload['headers']).toMatchObject({ 'X-Custom': 'kept' });
  expect(payload['headers_lower']).toMatchObject({ 'x-custom': 'kept' });
  const names = Object.keys({ ...payload['headers'], ...payload['headers_lower'] }).map((name) => name.toLowerCase());
  for (const name of Object.keys(CREDENTIALS)) expect(names).not.toContain(name.toLowerCase());
  expect(JSON.stringify(await platform.kafka.eventLog.read(id))).not.toContain(SECRET);
});

test('St2-Trace-Tag becomes the trace tag of the event and of its execution, and is no header of the event', async () => {
  const id = await deliver('hooked', { 'St2-Trace-Tag': 'my-trace' });
  expect(await platform.kafka.eventLog.read(id)).toMatchObject({ traceTag: 'my-trace' });
  expect(JSON.stringify(await payloadOf(id))).not.toContain('my-trace');
  const executions = await executionsOf(id, 1);
  expect(executions[0]).toMatchObject({ context: { trace_context: { trace_tag: 'my-trace' } } });
});

test('Idempotency-Key is the event id: sent twice, the action runs once and both instances can be read', async () => {
  const headers = { 'Idempotency-Key': 'order-4711' };
  const [first, second] = [await deliver('hooked', headers), await deliver('hooked', headers)];
  expect(second).not.toBe(first);
  for (const id of [first, second]) {
    expect((await payloadOf(id))['headers_lower']).toMatchObject({ 'idempotency-key': 'order-4711' });
    expect(await platform.kafka.eventLog.read(id)).toMatchObject({ eventId: 'order-4711' });
  }
  await until('the second is known as a duplicate', async () => {
    const { body } = await call('GET', `/v1/ruleenforcements?trigger_instance=${second}`);
    return (body as { status: string }[]).some(({ status }) => status === 'deduplicated');
  });
  await executionsOf(first, 1);
  await executionsOf(second, 0);
});

test('CE-Id is the event id as well, and goes before Idempotency-Key', async () => {
  const id = await deliver('hooked', { 'Ce-Id': 'ce-1', 'Idempotency-Key': 'other' });
  expect(await platform.kafka.eventLog.read(id)).toMatchObject({ eventId: 'ce-1' });
});

test('a webhook answers right after its rule was made, and is unknown once its rule has gone', async () => {
  for (let n = 0; n < 10; n++) {
    const url = `fresh/${n}`;
    expect((await call('POST', `/v1/webhooks/${url}`, {})).status).toBe(404);
    expect((await call('POST', '/v1/rules', rule(`fresh${n}`, url))).status).toBe(201);
    await deliver(url);
  }
  expect((await call('DELETE', '/v1/rules/default.fresh3')).status).toBe(204);
  await until('the webhook is unknown', async () => (await call('POST', '/v1/webhooks/fresh/3', {})).status === 404);
  await deliver('fresh/4');
});

test('a webhook that another process made answers at once', async () => {
  const trigger = triggerDocument('core.st2.webhook', { url: 'foreign' });
  expect((await call('POST', '/v1/webhooks/foreign', {})).status).toBe(404);
  await platform.store.definitions.create('trigger', trigger as Trigger, 'api');
  await deliver('foreign');
});

test('deliveries to a known webhook ask the database nothing about definitions', async () => {
  await deliver('hooked');
  const { definitions } = platform.store;
  const asked = [jest.spyOn(definitions, 'list'), jest.spyOn(definitions, 'get')];
  try {
    // What the tests before made may still be announced; each announcement is one more question, and then no more.
    await until('five deliveries in a row ask nothing', async () => {
      for (const spy of asked) spy.mockClear();
      for (let n = 0; n < 5; n++) await deliver('hooked');
      return asked.every((spy) => spy.mock.calls.every(([kind]) => !/^trigger/.test(kind)));
    });
  } finally {
    for (const spy of asked) spy.mockRestore();
  }
});

/** Waits until so many executions that an event led to are done. */
async function executionsOf(instance: string, count: number): Promise<Record<string, unknown>[]> {
  let found: Record<string, unknown>[] = [];
  await until(`${count} executions of ${instance}`, async () => {
    const { body }: Reply = await call('GET', `/v1/executions?trigger_instance=${instance}`);
    found = (body as unknown[]).filter(isObject);
    return found.length === count && found.every((row) => row['status'] === 'succeeded');
  });
  return found;
}
