import type { LogEntry } from '../../../src/model/event';
import { eventually, headersOf, nameOf, newWorld } from './harness';
import type { World } from './harness';

let world: World;
beforeAll(async () => {
  world = await newWorld(1);
});
afterAll(() => world.close());

test('binary and structured events are understood; what is none is told and set aside byte for byte', async () => {
  const badUtf8 = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
  const structured = {
    specversion: '1.0',
    id: 'structured',
    source: '/foreign',
    type: 'test.foreign',
    data: { mode: 's' },
  };
  const { ce_type: _, ...untyped } = headersOf('untyped');
  await world.producer.send({
    topic: world.kafka.topics.events,
    messages: [
      { value: '{"mode":"b"}', headers: headersOf('binary') },
      { value: JSON.stringify(structured), headers: { 'content-type': 'application/cloudevents+json' } },
      { key: 'the-key', value: badUtf8, headers: { ...headersOf('utf8'), other: 'kept' } },
      { value: '{"mode":', headers: headersOf('json') },
      { value: '{}', headers: untyped },
      { value: null },
      { value: '{}', headers: headersOf('after') },
    ],
  });
  const entries: LogEntry[] = [];
  const feed = await world.kafka.eventLog.feed().start({
    group: world.group,
    from: 'earliest',
    handler: (batch) => {
      entries.push(...batch.entries);
      batch.done(batch.entries.length - 1);
      return Promise.resolve();
    },
  });
  await eventually('all entries', () => entries.length >= 7);
  await feed.stop();
  expect(entries.map(nameOf)).toEqual([
    'binary',
    'structured',
    'malformed:data is not valid UTF-8',
    'malformed:data is not valid JSON',
    'malformed:attribute type is missing',
    'malformed:attribute specversion is missing',
    'after',
  ]);
  expect(entries[1]).toMatchObject({ event: { trigger: 'test.foreign', payload: { mode: 's' } } });

  const [binary, , malformed] = entries as [LogEntry, LogEntry, LogEntry];
  if (malformed.kind !== 'malformed' || binary.kind !== 'event') throw new Error('unexpected kinds');
  expect(malformed.record.reason).toBe('INVALID_ENCODING');
  await world.kafka.deadLetters.setAside(malformed.record, { code: malformed.record.reason, reason: 'bad' });
  await world.kafka.deadLetters.setAside(binary.event, { code: 'CRITERION_FAILED', reason: 'broke', ruleRef: 'p.r' });

  const letters = new Map<string, { key: Buffer | null; value: Buffer | null; headers: Record<string, string> }>();
  const consumer = world.foreign.consumer({ groupId: `${world.group}.dlq` });
  await consumer.connect();
  await consumer.subscribe({ topic: world.kafka.topics.dlq, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([k, v]) => [k, String(v)]));
      letters.set(headers['ce_id']!, { key: message.key, value: message.value, headers });
      return Promise.resolve();
    },
  });
  await eventually('both dead letters', () => letters.size === 2);
  await consumer.disconnect();
  const poison = letters.get('utf8')!;
  expect(poison.value).toEqual(badUtf8);
  expect(String(poison.key)).toBe('the-key');
  expect(poison.headers).toMatchObject({
    other: 'kept',
    es_dlq_code: 'INVALID_ENCODING',
    es_dlq_reason: 'bad',
    es_dlq_topic: world.kafka.topics.events,
    es_dlq_partition: '0',
    es_dlq_offset: '2',
  });
  const broken = letters.get('binary')!;
  expect(String(broken.value)).toBe('{"mode":"b"}');
  expect(broken.key).toBeNull();
  expect(broken.headers).toMatchObject({ es_dlq_code: 'CRITERION_FAILED', es_dlq_rule: 'p.r', es_dlq_offset: '0' });
});
