import { Kafka, Partitioners, logLevel } from 'kafkajs';
import type { Message, Producer } from 'kafkajs';
import { kafkaBroker } from '../../helpers/addresses';
import { everstorm } from '../../helpers/dev-process';
import { executionIdForEvent } from '../../../src/model/ids';
import { startPlatform } from '../api/platform';
import type { TestPlatform } from '../api/platform';
import { until } from '../temporal/support';
import { get } from './api';
import type { Enforcement, Execution, TriggerInstance } from './api';
import { ensureBuilt } from '../../helpers/dev-process';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

const SOURCE = '/dlq/test';
let platform: TestPlatform;
let producer: Producer;

interface Letter {
  id: string;
  code: string;
  reason: string;
  state: string;
  event_id?: string;
  trigger?: string;
  trigger_instance?: string;
  payload?: unknown;
  settled?: { by: string; trigger_instance?: string; rule?: string; execution?: string };
}
interface Outcome {
  id: string;
  outcome: string;
  trigger_instance?: string;
  code?: string;
  message?: string;
  execution?: string;
}

beforeAll(async () => {
  await ensureBuilt();
  platform = await startPlatform({ rules: true });
  const kafka = new Kafka({ clientId: 'foreign', brokers: [kafkaBroker()], logLevel: logLevel.NOTHING });
  producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
}, 300_000);
afterAll(async () => {
  await producer.disconnect();
  await platform.stop();
}, 60_000);

async function call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const response = await fetch(`${platform.base}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
}

const cloudEvent = (id: string, type: string, value = JSON.stringify({ level: 7 })): Message => ({
  key: SOURCE,
  value,
  headers: { ce_specversion: '1.0', ce_id: id, ce_source: SOURCE, ce_type: type, other: 'kept' },
});
const letters = (query = ''): Promise<Letter[]> => get<Letter[]>(platform.base, `/dlq?limit=-1${query}`);

/** Publishes records that are set aside; gives their letters by event id. */
async function setAside(...messages: Message[]): Promise<Map<string, Letter>> {
  await producer.send({ topic: platform.kafka.topics.events, acks: -1, messages });
  const ids = messages.map(({ headers }) => String(headers?.['ce_id']));
  const found = await until('the letters are listed', async () => {
    const all = (await letters()).filter(({ event_id: id }) => ids.includes(id ?? ''));
    return all.length === ids.length && all;
  });
  return new Map(found.map((letter) => [letter.event_id ?? '', letter]));
}

/** Registers a trigger type, so that events of it are no longer refused, and a rule on it. */
async function register(name: string, criteria: object = {}): Promise<void> {
  const type = { name, pack: 'default', payload_schema: { type: 'object' } };
  expect((await call('POST', '/triggertypes', type)).status).toBe(201);
  await addRule(`on_${name}`, name, criteria);
}
async function addRule(ruleName: string, trigger: string, criteria: object = {}): Promise<void> {
  const rule = {
    ...{ name: ruleName, pack: 'default', enabled: true, criteria },
    trigger: { type: `default.${trigger}` },
    action: { ref: 'core.noop', parameters: {} },
  };
  expect((await call('POST', '/rules', rule)).status).toBe(201);
}

const enforcementsOf = async (rule: string): Promise<Enforcement[]> =>
  (await get<Enforcement[]>(platform.base, '/ruleenforcements?limit=-1')).filter(({ rule: { ref } }) => ref === rule);
const executionsOf = (rule: string): Promise<Execution[]> =>
  get<Execution[]>(platform.base, `/executions?limit=-1&rule=${rule}`);
const cli = (...words: string[]) => everstorm('dlq', ...words, '--url', platform.base);

test('a letter is listed by code and trigger, shown with its payload, and redriven once however often it is asked', async () => {
  const event = await setAside(cloudEvent('late-rule', 'default.later'));
  const letter = event.get('late-rule') as Letter;
  expect(letter).toMatchObject({
    code: 'UNKNOWN_TRIGGER',
    trigger: 'default.later',
    state: 'open',
    trigger_instance: letter.id,
  });
  expect((await letters('&code=UNKNOWN_TRIGGER&trigger=default.later')).map(({ id }) => id)).toEqual([letter.id]);
  expect(await letters('&code=INVALID_PAYLOAD')).toEqual([]);
  expect(await get<Letter>(platform.base, `/dlq/${letter.id}`)).toMatchObject({ payload: { level: 7 } });

  await register('later');
  const first = await call<Outcome>('POST', `/dlq/${letter.id}/redrive`, {});
  expect(first).toMatchObject({ status: 200, body: { outcome: 'redriven' } });
  const instance = String(first.body.trigger_instance);
  expect(await platform.kafka.eventLog.read(instance)).toMatchObject({
    source: SOURCE,
    eventId: 'late-rule',
    payload: { level: 7 },
  });
  const execution = executionIdForEvent('rule:default:on_later', SOURCE, 'late-rule');
  await until('its execution has succeeded', async () =>
    (await executionsOf('default.on_later')).some(({ id, status }) => id === execution && status === 'succeeded'),
  );
  expect(await call('POST', `/dlq/${letter.id}/redrive`, {})).toMatchObject({
    status: 200,
    body: { outcome: 'already-redriven' },
  });
  expect(await enforcementsOf('default.on_later')).toHaveLength(1);
  expect(await letters('&trigger=default.later')).toEqual([]);
  expect(await letters('&state=settled&trigger=default.later')).toMatchObject([
    { id: letter.id, state: 'redriven', settled: { by: 'stanley', trigger_instance: instance } },
  ]);
}, 60_000);

test('a letter that was redriven and not settled, as after a crash, starts nothing twice', async () => {
  const letter = (await setAside(cloudEvent('crashed', 'default.crash'))).get('crashed') as Letter;
  await register('crash');
  const row = await platform.store.deadLetters.get(letter.id);
  const content = await platform.kafka.deadLetters.read(row!);
  if (content === null || content === 'omitted' || content.kind !== 'event') throw new Error('no event');
  await platform.kafka.eventLog.publish(content.event);
  await call('POST', `/dlq/${letter.id}/redrive`, {});
  const made = await until('both are enforced', async () => {
    const all = await enforcementsOf('default.on_crash');
    return all.length === 2 && all;
  });
  expect(made.map(({ status }) => status).sort()).toEqual(['deduplicated', 'succeeded']);
  const [one, ...more] = new Set(made.map(({ execution_id: id }) => id));
  expect(more).toEqual([]);
  expect(one).toBe(executionIdForEvent('rule:default:on_crash', SOURCE, 'crashed'));
}, 60_000);

test('a malformed record is refused with its code and field, and can be purged', async () => {
  const bad = await setAside(cloudEvent('torn', 'default.later', '{"level": '), {
    ...cloudEvent('typeless', 'x'),
    headers: { ce_specversion: '1.0', ce_id: 'typeless', ce_source: SOURCE },
  });
  const [torn, typeless] = [bad.get('torn') as Letter, bad.get('typeless') as Letter];
  expect(torn).toMatchObject({ code: 'INVALID_EVENT', reason: 'data is not valid JSON', trigger: 'default.later' });
  expect(torn).not.toHaveProperty('trigger_instance');
  expect(await get(platform.base, `/dlq/${torn.id}`)).toMatchObject({
    record: { problem: 'INVALID_EVENT: data is not valid JSON', value: '{"level": ', headers: { other: 'kept' } },
  });
  expect(await call('POST', `/dlq/${torn.id}/redrive`, {})).toMatchObject({
    status: 400,
    body: { faultstring: expect.stringMatching(/INVALID_EVENT: data is not valid JSON/) as string },
  });
  const both = await call<{ letters: Outcome[] }>('POST', '/dlq/redrive', { ids: [torn.id, typeless.id] });
  expect(both.body.letters).toMatchObject([
    { id: torn.id, outcome: 'refused', code: 'INVALID_EVENT', field: 'data' },
    { id: typeless.id, outcome: 'refused', code: 'INVALID_EVENT', field: 'type' },
  ]);
  expect((await call('DELETE', `/dlq/${torn.id}`)).status).toBe(204);
  expect(await call('POST', `/dlq/${torn.id}/redrive`, {})).toMatchObject({ status: 409 });
  expect((await letters('&state=purged')).map(({ id }) => id)).toEqual([torn.id]);
  expect((await letters()).map(({ id }) => id)).toContain(typeless.id);
}, 60_000);

test('an event is held against one rule alone, and says what it makes of it', async () => {
  await register('ruled', { 'trigger.level': { type: 'gt', pattern: 100 } });
  await addRule('high_enough', 'ruled', { 'trigger.level': { type: 'gt', pattern: 5 } });
  const type = {
    name: 'strict',
    pack: 'default',
    payload_schema: { type: 'object', properties: { level: { type: 'string' } } },
  };
  expect((await call('POST', '/triggertypes', type)).status).toBe(201);
  const found = await setAside(cloudEvent('one-rule', 'default.ruled_late'), cloudEvent('unfit', 'default.strict'));
  const letter = found.get('one-rule') as Letter;
  const unfit = found.get('unfit') as Letter;
  expect(unfit.code).toBe('INVALID_PAYLOAD');
  const to = (id: string, rule: string) => call<Outcome>('POST', `/dlq/${id}/redrive`, { rule });
  expect(await to(letter.id, 'default.nosuch')).toMatchObject({ status: 404 });
  expect(await to(letter.id, 'default.high_enough')).toMatchObject({
    status: 400,
    body: { faultstring: expect.stringContaining('default.ruled_late') as string },
  });
  await register('ruled_late', { 'trigger.level': { type: 'gt', pattern: 100 } });
  await addRule('late_high_enough', 'ruled_late', { 'trigger.level': { type: 'gt', pattern: 5 } });
  expect(await to(letter.id, 'default.on_ruled_late')).toMatchObject({ status: 200, body: { outcome: 'not-matched' } });
  expect((await letters()).map(({ id }) => id)).toContain(letter.id);

  const id = executionIdForEvent('rule:default:late_high_enough', SOURCE, 'one-rule');
  const expected = { outcome: 'redriven', execution: id, enforcement: { id, status: 'succeeded' } };
  expect(await to(letter.id, 'default.late_high_enough')).toMatchObject({ status: 200, body: expected });
  expect(await to(letter.id, 'default.late_high_enough')).toMatchObject({ status: 200, body: expected });
  await until('its execution has succeeded', async () =>
    (await executionsOf('default.late_high_enough')).some((execution) => execution.status === 'succeeded'),
  );
  expect(await enforcementsOf('default.late_high_enough')).toMatchObject([{ trigger_instance_id: letter.id }]);
  expect(await enforcementsOf('default.on_ruled_late')).toEqual([]);
  const instances = await get<TriggerInstance[]>(
    platform.base,
    '/triggerinstances?limit=-1&trigger=default.ruled_late',
  );
  expect(instances.map((instance) => instance.id)).toEqual([letter.id]);
  expect((await letters('&state=redriven')).find((one) => one.id === letter.id)).toMatchObject({
    settled: { rule: 'default.late_high_enough', execution: id },
  });
  await addRule('strictly', 'strict');
  expect(await to(unfit.id, 'default.strictly')).toMatchObject({ status: 400 });
}, 60_000);

test('all of a code and trigger are redriven by command line, and those that are set aside again do not come round', async () => {
  const names = Array.from({ length: 5 }, (_, n) => `many-${n}`);
  const found = await setAside(...names.map((name) => cloudEvent(name, 'default.still_unknown')));
  const listed = await cli('list', '--trigger', 'default.still_unknown', '--json');
  expect(listed.code).toBe(0);
  expect((JSON.parse(listed.stdout) as Letter[]).map(({ id }) => id).sort()).toEqual(
    [...found.values()].map(({ id }) => id).sort(),
  );
  expect((await cli('redrive', '--code', 'UNKNOWN_TRIGGER')).code).toBe(2);

  const redriven = await cli('redrive', '--all', '--code', 'UNKNOWN_TRIGGER', '--trigger', 'default.still_unknown');
  expect(redriven).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n5 redriven\n$/) as string });
  const again = await until('they are set aside again, as letters of their own', async () => {
    const open = await letters('&trigger=default.still_unknown');
    return open.length === 5 && open;
  });
  expect(again.filter(({ id }) => [...found.values()].some((letter) => letter.id === id))).toEqual([]);

  const [first, ...others] = again.map(({ id }) => id) as [string, ...string[]];
  expect(await cli('show', first)).toMatchObject({ code: 0, stdout: expect.stringContaining('"level": 7') as string });
  expect(await cli('purge', first)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\n1 purged\n$/) as string,
  });
  const rest = await cli('redrive', '--purge', '--all', '--trigger', 'default.still_unknown', '--json');
  expect((JSON.parse(rest.stdout) as { letters: Outcome[] }).letters.map(({ id }) => id).sort()).toEqual(others.sort());
  expect(await letters('&trigger=default.still_unknown')).toEqual([]);
  expect(await cli('redrive', first)).toMatchObject({ code: 1, stdout: expect.stringContaining('CONFLICT') as string });
  expect(await cli('show', 'nonsense')).toMatchObject({ code: 1 });
}, 60_000);

test('a rebuild gives the letters that the projection gave, and keeps what became of them', async () => {
  await setAside(cloudEvent('remains', 'default.never'));
  const before = await letters('&state=all');
  expect(new Set(before.map(({ state }) => state))).toEqual(new Set(['open', 'redriven', 'purged']));
  const row = await platform.store.deadLetters.get((before[0] as Letter).id);
  await platform.store.deadLetters.project([{ ...row!, id: 'f'.repeat(24) }]); // of no record
  const { body } = await call<{ dead_letters: number }>('POST', '/readmodel/rebuild', {});
  expect(body.dead_letters).toBe(before.length);
  expect(await letters('&state=all')).toEqual(before);
}, 60_000);

test.each([
  ['GET', '/dlq?state=gone', undefined, 400, 'state'],
  ['GET', '/dlq?code=NO_SUCH', undefined, 400, 'code'],
  ['GET', '/dlq?limit=0', undefined, 400, 'Limit'],
  ['GET', `/dlq/${'0'.repeat(24)}`, undefined, 404, '0000'],
  ['POST', '/dlq/redrive', {}, 400, 'ids'],
  ['POST', '/dlq/redrive', { ids: [], all: true }, 400, 'ids'],
  ['POST', '/dlq/redrive', { all: true, code: 'NO_SUCH' }, 400, 'code'],
  ['POST', '/dlq/redrive', { all: true, colour: 'red' }, 400, 'colour'],
  ['POST', '/dlq/purge', { ids: ['x'], rule: 'a.b' }, 400, 'rule'],
  ['POST', '/dlq/purge', { all: true, from: { after: 1 } }, 400, 'after'],
  ['DELETE', '/dlq/nonsense', undefined, 404, 'nonsense'],
] as const)('%s %s with %j is answered with %i naming the field', async (method, path, body, status, field) => {
  expect(await call(method, path, body)).toMatchObject({
    status,
    body: { faultstring: expect.stringContaining(field) as string },
  });
});
