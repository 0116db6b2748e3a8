import { parseTriggerInstanceId, triggerInstanceId } from '../../../src/model/ids';
import { newEvent, newWorld } from './harness';
import type { World } from './harness';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.close());

test('an event is read by the id its publish returned', async () => {
  const event = newEvent(1, {
    traceTag: 'tag',
    partitionKey: 'key',
    payload: { text: 'ü', deep: { list: [1, null] } },
  });
  const { instanceId } = await world.kafka.eventLog.publish(event);
  expect(await world.kafka.eventLog.read(instanceId)).toMatchObject({ ...event, instanceId });
});

test('concurrent publishes each get the id of their own record, read back by another process', async () => {
  const events = Array.from({ length: 1_200 }, (_, n) => newEvent(n));
  const ids = await Promise.all(events.map((event) => world.kafka.eventLog.publish(event)));
  expect(new Set(ids.map(({ instanceId }) => instanceId)).size).toBe(events.length);
  expect(new Set(ids.map(({ instanceId }) => parseTriggerInstanceId(instanceId)?.partition)).size).toBeGreaterThan(1);
  const reader = world.again();
  const read = await Promise.all(ids.map(({ instanceId }) => reader.eventLog.read(instanceId)));
  expect(read.map((event) => event?.eventId)).toEqual(events.map(({ eventId }) => eventId));
});

test('an unknown place, another epoch and no id at all are null', async () => {
  const { instanceId } = await world.kafka.eventLog.publish(newEvent(1));
  const place = parseTriggerInstanceId(instanceId)!;
  const { eventLog } = world.kafka;
  expect(await eventLog.read(triggerInstanceId({ ...place, offset: place.offset + 1_000_000 }))).toBeNull();
  expect(await eventLog.read(triggerInstanceId({ ...place, partition: 99 }))).toBeNull();
  expect(await eventLog.read(triggerInstanceId({ ...place, epoch: (place.epoch + 1) % 2 ** 32 }))).toBeNull();
  expect(await eventLog.read('core.local')).toBeNull();
});

test('an expired record is null, and its successors are still read', async () => {
  const ids = [];
  for (let n = 0; n < 3; n++) ids.push(await world.kafka.eventLog.publish(newEvent(n, { partitionKey: 'one' })));
  const first = parseTriggerInstanceId(ids[0]!.instanceId)!;
  const admin = world.foreign.admin();
  await admin.connect();
  await admin.fetchTopicOffsets(world.kafka.topics.events); // kafkajs deletes records only of topics it has metadata of
  const upTo = { partition: first.partition, offset: String(first.offset + 1) };
  await admin.deleteTopicRecords({ topic: world.kafka.topics.events, partitions: [upTo] });
  await admin.disconnect();
  expect(await world.kafka.eventLog.read(ids[0]!.instanceId)).toBeNull();
  expect((await world.kafka.eventLog.read(ids[2]!.instanceId))?.eventId).toBe('event-2');
});

test('refuses what is too large or no event, before sending', async () => {
  const { eventLog } = world.kafka;
  const large = newEvent(1, { payload: { text: 'x'.repeat(1024 * 1024) } });
  await expect(eventLog.publish(large)).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
  await expect(eventLog.publish(newEvent(1, { trigger: '' }))).rejects.toMatchObject({ code: 'INVALID_EVENT' });
  await expect(eventLog.publish(newEvent(1, { occurredAt: 'x' }))).rejects.toMatchObject({ code: 'INVALID_EVENT' });
  const nearly = newEvent(2, { payload: { text: 'x'.repeat(1024 * 1024 - 600) } });
  const { instanceId } = await eventLog.publish(nearly);
  expect((await eventLog.read(instanceId))?.payload).toEqual(nearly.payload);
});

test('a warm read takes milliseconds', async () => {
  const { instanceId } = await world.kafka.eventLog.publish(newEvent(1));
  await world.kafka.eventLog.read(instanceId);
  const times: number[] = [];
  for (let n = 0; n < 30; n++) {
    const start = performance.now();
    await world.kafka.eventLog.read(instanceId);
    times.push(performance.now() - start);
  }
  const median = times.sort((a, b) => a - b)[15]!;
  process.stdout.write(`warm read: median ${median.toFixed(1)} ms, max ${times.at(-1)!.toFixed(1)} ms\n`);
  expect(median).toBeLessThan(100);
});
