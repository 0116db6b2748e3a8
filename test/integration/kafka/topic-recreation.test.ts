import { parseTriggerInstanceId } from '../../../src/model/ids';
import { newEvent, newWorld } from './harness';
import type { World } from './harness';

let world: World;
beforeAll(async () => {
  world = await newWorld(1);
});
afterAll(() => world.close());

const recreate = async () => {
  const admin = world.foreign.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [world.kafka.topics.events] });
  await admin.disconnect();
};

test('a topic created anew gets a new epoch, so old ids name nothing', async () => {
  const { instanceId: old } = await world.kafka.eventLog.publish(newEvent(1));
  await recreate();
  const later = world.again();
  await later.ensureTopics({ partitions: 1 });
  const { instanceId } = await later.eventLog.publish(newEvent(2));
  expect(parseTriggerInstanceId(instanceId)).toMatchObject({ partition: 0, offset: 0 });
  expect(instanceId.slice(0, 8)).not.toBe(old.slice(0, 8));
  expect(await later.eventLog.read(old)).toBeNull();
  expect((await later.eventLog.read(instanceId))?.eventId).toBe('event-2');
});

test('ensureTopics leaves existing topics and their epoch alone', async () => {
  const one = await world.again().eventLog.publish(newEvent(3));
  await world.again().ensureTopics({ partitions: 7 });
  const two = await world.again().eventLog.publish(newEvent(4));
  expect(two.instanceId.slice(0, 8)).toBe(one.instanceId.slice(0, 8));
  const admin = world.foreign.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [world.kafka.topics.events] });
  await admin.disconnect();
  expect(topics[0]!.partitions.length).toBe(1);
});

test('a producer that sees offsets go back gives out ids of a new epoch', async () => {
  const running = world.again();
  const { instanceId: old } = await running.eventLog.publish(newEvent(5));
  await recreate();
  const admin = world.foreign.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: world.kafka.topics.events, numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  const publish = async (): Promise<string> => {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        return (await running.eventLog.publish(newEvent(6))).instanceId;
      } catch (error) {
        if ((error as { code?: string }).code !== 'UNAVAILABLE') throw error;
      }
    }
    throw new Error('not published');
  };
  const instanceId = await publish();
  expect(instanceId.slice(0, 8)).not.toBe(old.slice(0, 8));
  expect((await running.eventLog.read(instanceId))?.eventId).toBe('event-6');
});
