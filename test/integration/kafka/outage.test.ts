import { createKafka } from '../../../src/adapters/kafka/create-kafka';
import { memoryPlatformState } from '../../helpers/memory-platform-state';
import { newEvent, newWorld } from './harness';

test('a Kafka that does not answer is UNAVAILABLE within bounds, and a feed keeps trying', async () => {
  const dead = createKafka({
    brokers: ['127.0.0.1:1'],
    clientId: 'test',
    platform: memoryPlatformState(),
    log: () => undefined,
  });
  const start = Date.now();
  await expect(dead.eventLog.publish(newEvent(1))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(dead.health.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(Date.now() - start).toBeLessThan(15_000);
  const feed = await dead.eventLog.feed().start({ group: 'none', from: 'earliest', handler: () => Promise.resolve() });
  expect(feed.state()).toMatchObject({ kind: 'retrying' });
  await feed.stop();
  await dead.close();
});

test('health names topics that are missing', async () => {
  const world = await newWorld(1);
  await world.kafka.health.check();
  const admin = world.foreign.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [world.kafka.topics.audit] });
  await expect(world.kafka.health.check()).rejects.toThrow(world.kafka.topics.audit);
  await world.kafka.ensureTopics();
  await admin.disconnect();
  await world.close();
});
