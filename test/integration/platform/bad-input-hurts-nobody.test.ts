import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Consumer, Message, Producer } from 'kafkajs';
import { kafkaBroker } from '../../helpers/addresses';
import { eventually, everstorm, newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform } from '../../helpers/dev-process';
import { enforcementsOf, get, post } from './api';
import type { Execution } from './api';

const MIB = 1024 * 1024;

const cloudEvent = (id: string, type: string, value: string | Buffer): Message => ({
  key: 'one-key-so-that-all-share-a-partition',
  value,
  headers: { ce_specversion: '1.0', ce_id: id, ce_source: '/test/foreign', ce_type: type },
});
const alert = (host: string): string => JSON.stringify({ severity: 'critical', host, summary: 'it burns' });

describe('input that is wrong', () => {
  let platform: DevPlatform;
  const kafka = new Kafka({ clientId: 'foreign', brokers: [kafkaBroker()], logLevel: logLevel.NOTHING });
  let producer: Producer;
  let consumer: Consumer;
  const deadLetters = new Map<string, string>();

  beforeAll(async () => {
    platform = await newDevPlatform();
    await platform.start();
    producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    consumer = kafka.consumer({ groupId: `${platform.deadLetterTopic}.test` });
    await consumer.connect();
    await consumer.subscribe({ topic: platform.deadLetterTopic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message: { headers } }) => {
        deadLetters.set(String(headers?.['ce_id']), String(headers?.['es_dlq_code']));
        return Promise.resolve();
      },
    });
  }, 120_000);
  afterAll(async () => {
    await consumer.disconnect();
    await producer.disconnect();
    await platform.dispose();
  });

  const webhook = (body: string, url = 'st2') => post(platform.apiUrl, `/webhooks/${url}`, { body });

  it('is refused with 400 when a body is no JSON', async () => {
    expect(await webhook('{"trigger": ')).toMatchObject({ status: 400 });
  });

  it('is refused with 400 when it names a trigger that nobody knows', async () => {
    const answer = await webhook(JSON.stringify({ trigger: 'nobody.knows', payload: {} }));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('nobody.knows');
  });

  it('is refused with 400 when a payload does not fit its trigger, without telling its values', async () => {
    const answer = await webhook(JSON.stringify({ trigger: 'demo.alert', payload: { severity: 'c', summary: 4242 } }));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('summary');
  });

  it('is refused with 400 naming the operator when a rule has one that does not exist', async () => {
    const rule = {
      name: 'bad',
      pack: 'demo',
      trigger: { type: 'demo.alert' },
      criteria: { 'trigger.host': { type: 'nearly_equals', pattern: 'x' } },
      action: { ref: 'demo.diagnose' },
    };
    const answer = await post(platform.apiUrl, '/rules', { body: JSON.stringify(rule) });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('nearly_equals');
    expect(await get<{ ref: string }[]>(platform.apiUrl, '/rules?limit=-1')).not.toContainEqual(
      expect.objectContaining({ ref: 'demo.bad' }),
    );
  });

  it('is refused with 413 when a body has 2 MiB', async () => {
    const body = JSON.stringify({ trigger: 'demo.alert', payload: { summary: 'x'.repeat(2 * MIB) } });
    expect((await webhook(body)).status).toBe(413);
  });

  it('on the topic is set aside with its reason, and the good event behind it gets its execution', async () => {
    await producer.send({
      topic: platform.eventsTopic,
      acks: -1,
      messages: [
        cloudEvent('bad-utf-8', 'demo.alert', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
        cloudEvent('bad-json', 'demo.alert', '{"severity": '),
        cloudEvent('bad-trigger', 'nobody.knows', '{}'),
        cloudEvent('bad-payload', 'demo.alert', '{"severity": 4}'),
        cloudEvent('good', 'demo.alert', alert('good-host')),
      ],
    });
    const ended = async (): Promise<Execution[]> => {
      const enforcements = await enforcementsOf(platform.apiUrl, 'demo.alert');
      const found = enforcements.map(({ execution_id: id }) => get<Execution>(platform.apiUrl, `/executions/${id}`));
      return (await Promise.all(found)).filter(({ status }) => status === 'succeeded');
    };
    await eventually('the good event has its execution', async () => (await ended()).length > 0);
    expect(await ended()).toHaveLength(1);
    expect(platform.report()).toContain(' on good-host:');
    await eventually('all bad records are set aside', () => deadLetters.size === 4);
    expect(Object.fromEntries(deadLetters)).toEqual({
      'bad-utf-8': 'INVALID_ENCODING',
      'bad-json': 'INVALID_EVENT',
      'bad-trigger': 'UNKNOWN_TRIGGER',
      'bad-payload': 'INVALID_PAYLOAD',
    });
  });

  it('in a pack is told with file and line by `everstorm pack validate`, which then fails', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'everstorm-pack-'));
    try {
      writeFileSync(
        join(directory, 'pack.yaml'),
        'ref: broken\nname: broken\nversion: 0.1.0\ndescription: d\nauthor: a\n',
      );
      mkdirSync(join(directory, 'rules'));
      writeFileSync(join(directory, 'rules/torn.yaml'), 'name: torn\ntrigger:\n  type: [core.st2.webhook\naction: {\n');
      const { code, stderr } = await everstorm('pack', 'validate', directory);
      expect(code).toBe(1);
      expect(stderr).toMatch(/rules\/torn\.yaml: line \d+/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
