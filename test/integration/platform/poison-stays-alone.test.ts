import { randomBytes } from 'node:crypto';
import { CompressionTypes, Kafka, Partitioners, logLevel } from 'kafkajs';
import type { Message, Producer } from 'kafkajs';
import { executionIdForEvent } from '../../../src/model/ids';
import { kafkaBroker } from '../../helpers/addresses';
import type { TestPlatform } from '../api/platform';
import { startPlatform } from '../api/platform';
import { until } from '../temporal/support';
import { get, post } from './api';
import type { Enforcement } from './api';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

const MIB = 1024 * 1024;
let platform: TestPlatform;
let producer: Producer;
let trigger: string;

interface Letter {
  id: string;
  code: string;
  event_id?: string;
  trigger?: string;
}

async function addRule(name: string, criteria: object, parameters: object): Promise<void> {
  const rule = {
    ...{ name, pack: 'default', enabled: true, criteria },
    trigger: { type: 'core.st2.webhook', parameters: { url: 'poison' } },
    action: { ref: 'core.local', parameters },
  };
  const { status, text } = await post(platform.base, '/rules', { body: JSON.stringify(rule) });
  if (status !== 201) throw new Error(text);
  trigger = (JSON.parse(text) as { trigger: { ref: string } }).trigger.ref;
}

const isKind = (pattern: string): object => ({ 'trigger.body.kind': { type: 'eq', pattern } });
const nested = (levels: number): string =>
  `${'{{ ['.repeat(1)}${'['.repeat(levels)}trigger.body.text${']'.repeat(levels)}] }}`;

beforeAll(async () => {
  platform = await startPlatform({ rules: true });
  const kafka = new Kafka({ clientId: 'foreign', brokers: [kafkaBroker()], logLevel: logLevel.NOTHING });
  producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await addRule('bomb', { 'trigger.body.text': { type: 'regex', pattern: '(a+)+$' } }, { cmd: 'true' });
  await addRule('deep_template', isKind('template'), { cmd: `echo '${nested(30)}'` });
  await addRule('deep_pattern', { 'trigger.body.text': { type: 'eq', pattern: nested(30) } }, { cmd: 'true' });
  await addRule('deep_payload', isKind('payload'), { cmd: 'true', env: { ALL: '{{ trigger.body.deep }}' } });
  const large = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`V${n}`, '{{ trigger.body.text }}']));
  await addRule('large', isKind('large'), { cmd: 'true', env: large });
  await addRule('good', isKind('good'), { cmd: 'true' });
}, 120_000);
afterAll(async () => {
  await producer.disconnect();
  await platform.stop();
}, 60_000);

const record = (id: string, body: object | string, type = trigger): Message => ({
  key: 'one-key-so-that-all-share-a-partition',
  value: typeof body === 'string' ? body : JSON.stringify({ headers: {}, body }),
  headers: { ce_specversion: '1.0', ce_id: id, ce_source: '/poison', ce_type: type },
});
const send = (messages: Message[], compression = CompressionTypes.None): Promise<unknown> =>
  producer.send({ topic: platform.kafka.topics.events, acks: -1, messages, compression });

const enforcementsOf = async (rule: string): Promise<(Enforcement & { failure_reason?: string })[]> =>
  (await get<Enforcement[]>(platform.base, '/ruleenforcements?limit=-1')).filter(
    ({ rule: { ref } }) => ref === `default.${rule}`,
  );

/** Sends a good event behind what was sent and waits until it has its execution. */
async function goodBehind(id: string): Promise<void> {
  await send([record(id, { kind: 'good', text: 'x' })]);
  const execution = executionIdForEvent('rule:default:good', '/poison', id);
  await until(`the good event behind ${id}`, async () =>
    (await enforcementsOf('good')).some(({ id: enforced }) => enforced === execution),
  );
}

test('the rule service knows the rules', async () => {
  await until('a good event has its execution', async () => {
    await send([record(`warm-${randomBytes(4).toString('hex')}`, { kind: 'good', text: 'x' })]);
    return (await enforcementsOf('good')).length > 0;
  });
}, 60_000);

test.each([
  [
    'a payload that a pattern never ends on',
    'bomb',
    { kind: 'bomb', text: `${'a'.repeat(5_000)}b` },
    /more than 300000 steps/,
  ],
  [
    'a payload nested 10,000 deep',
    'deep_payload',
    `{"headers":{},"body":{"kind":"payload","text":"x","deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
    /./,
  ],
  ['parameters of 7 MB', 'large', { kind: 'large', text: 'b'.repeat(900_000) }, /./],
] as const)(
  '%s fails its rule, and the event behind it is served',
  async (_name, rule, body, reason) => {
    await send([record(rule, body)]);
    await goodBehind(`behind-${rule}`);
    const failed = await enforcementsOf(rule);
    expect(failed).toMatchObject([{ status: 'failed', failure_reason: expect.stringMatching(reason) as string }]);
  },
  60_000,
);

test('a template nested 30 deep is evaluated as any other', async () => {
  await send([record('template', { kind: 'template', text: 'x' })]);
  await goodBehind('behind-template');
  expect(await enforcementsOf('deep_template')).toMatchObject([{ status: 'succeeded' }]);
}, 60_000);

test('records beyond all bounds are set aside with the code of their fault, and the event behind them is served', async () => {
  await send([record('12-mib', { kind: 'good', text: 'b'.repeat(12 * MIB) })], CompressionTypes.GZIP);
  await send([record('40-mib', { kind: 'good', text: 'b'.repeat(40 * MIB) })], CompressionTypes.GZIP);
  await send([record('long-type', { kind: 'good' }, randomBytes(10_000).toString('hex'))]);
  await send([
    { ...record('long-header', { kind: 'good' }), headers: { ce_source: randomBytes(100_000).toString('hex') } },
  ]);
  await goodBehind('behind-bounds');
  const letters = await until('all are set aside', async () => {
    const found = await get<Letter[]>(platform.base, '/dlq?limit=-1');
    return found.length === 4 && found;
  });
  expect(letters.map(({ event_id: id, code }) => `${id} ${code}`).sort()).toEqual([
    '12-mib EVENT_TOO_LARGE',
    '40-mib EVENT_TOO_LARGE',
    'long-type INVALID_EVENT',
    'undefined INVALID_EVENT',
  ]);
  const detail = async (name: string): Promise<Record<string, unknown>> => {
    const { id } = letters.find(({ event_id: event }) => event === name) as Letter;
    return get(platform.base, `/dlq/${id}`);
  };
  expect(await detail('12-mib')).toMatchObject({ record: { bytes: 12 * MIB + 47, encoding: 'utf-8' } });
  expect(await detail('40-mib')).toMatchObject({
    record: { bytes: 40 * MIB + 47, problem: expect.stringContaining('EVENT_TOO_LARGE') as string },
    trigger,
  });
}, 90_000);
