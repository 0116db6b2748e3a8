import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { executionIdForEvent } from '../../../src/model/ids';
import { kafkaBroker } from '../../helpers/addresses';
import { eventually, everstorm, newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform } from '../../helpers/dev-process';
import { enforcementsOf, get, post } from './api';
import type { Execution, TriggerInstance } from './api';

const SOURCE = '/crash/test';
let platform: DevPlatform;
beforeAll(async () => {
  platform = await newDevPlatform();
  await platform.start();
}, 150_000);
afterAll(() => platform.dispose());

interface Letter {
  id: string;
  state: string;
}
const letters = (state: string): Promise<Letter[]> => get<Letter[]>(platform.apiUrl, `/dlq?state=${state}`);

async function create(path: string, document: object): Promise<void> {
  const { status, text } = await post(platform.apiUrl, path, { body: JSON.stringify(document) });
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${text}`);
}

async function produce(): Promise<void> {
  const kafka = new Kafka({ clientId: 'foreign', brokers: [kafkaBroker()], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const headers = { ce_specversion: '1.0', ce_id: 'only', ce_source: SOURCE, ce_type: 'default.later' };
  await producer.send({ topic: platform.eventsTopic, acks: -1, messages: [{ value: '{"level": 7}', headers }] });
  await producer.disconnect();
}

test('killed between the redrive and its note, the letter stays, and redriving it again does nothing twice', async () => {
  await produce();
  await eventually('the letter is listed', async () => (await letters('open')).length === 1);
  const [letter] = (await letters('open')) as [Letter];
  await create('/triggertypes', { name: 'later', pack: 'default', payload_schema: { type: 'object' } });
  const parameters = { cmd: `echo once >> ${platform.home}/effects` };
  await create('/rules', {
    ...{ name: 'on_later', pack: 'default', enabled: true, criteria: {} },
    ...{ trigger: { type: 'default.later' }, action: { ref: 'core.local', parameters } },
  });
  await platform.stop();
  await platform.start({ EVERSTORM_DEBUG_POINT: 'after-redrive' });

  const interrupted = await everstorm('dlq', 'redrive', letter.id, '--url', platform.apiUrl);
  expect(interrupted.code).toBe(3);
  expect(await platform.ended(30_000)).toBe('SIGKILL');
  await platform.start();
  expect(await letters('open')).toMatchObject([{ id: letter.id }]);
  const instances = (): Promise<TriggerInstance[]> =>
    get<TriggerInstance[]>(platform.apiUrl, '/triggerinstances?limit=-1&trigger=default.later');
  const processed = async (count: number): Promise<boolean> =>
    (await instances()).filter(({ status }) => status === 'processed').length === count;
  await eventually('the event that was put back before the crash is processed', () => processed(1));

  const again = await everstorm('dlq', 'redrive', letter.id, '--url', platform.apiUrl);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n1 redriven\n$/) as string });
  await eventually('the event that was put back again is processed', () => processed(2));
  expect(await letters('open')).toEqual([]);
  expect(await letters('redriven')).toMatchObject([{ id: letter.id }]);

  const execution = executionIdForEvent('rule:default:on_later', SOURCE, 'only');
  const made = await enforcementsOf(platform.apiUrl, 'default.on_later');
  expect(made.map(({ status, execution_id: id }) => `${status} ${id}`).sort()).toEqual([
    `deduplicated ${execution}`,
    `succeeded ${execution}`,
  ]);
  const executions = await get<Execution[]>(platform.apiUrl, '/executions?limit=-1&rule=default.on_later');
  expect(executions.map(({ id }) => id)).toEqual([execution]);
}, 150_000);
