import type { LogEntry } from '../../../src/model/event';
import type { Feed, RunningFeed } from '../../../src/ports/feed';
import { eventually, headersOf, nameOf, newEvent, newWorld } from './harness';
import type { World } from './harness';

let world: World;
beforeEach(async () => {
  world = await newWorld(2);
});
afterEach(() => world.close());

async function reading(feed: Feed<LogEntry>, group: string): Promise<{ got: string[]; feed: RunningFeed }> {
  const got: string[] = [];
  const running = await feed.start({
    group,
    from: 'earliest',
    handler: (batch) => {
      got.push(...batch.entries.map(nameOf));
      batch.done(batch.entries.length - 1);
      return Promise.resolve();
    },
  });
  return { got, feed: running };
}

const publish = (from: number, to: number, trigger = 'test.event') =>
  Promise.all(
    Array.from({ length: to - from }, (_, n) => world.kafka.eventLog.publish(newEvent(from + n, { trigger }))),
  );

test('a group is past the ends once all before them is done, records it passes over included', async () => {
  const { eventLog } = world.kafka;
  await publish(0, 20, 'test.other');
  await publish(20, 30);
  await publish(30, 50, 'test.other');
  const ends = await eventLog.ends();
  expect(Object.values(ends).reduce((sum, end) => sum + end, 0)).toBe(50);
  expect(await eventLog.isPast(world.group, ends)).toBe(false);
  const { got, feed } = await reading(
    eventLog.feed((trigger) => trigger === 'test.event'),
    world.group,
  );
  await eventually('it is past them', () => eventLog.isPast(world.group, ends));
  expect(got.sort()).toEqual(Array.from({ length: 10 }, (_, n) => `event-${20 + n}`).sort());
  await publish(50, 60, 'test.other');
  await eventually('and past what is not for it', async () => eventLog.isPast(world.group, await eventLog.ends()));
  await feed.stop();
});

test('a record that does not say what it is of in a header is read', async () => {
  const event = {
    ...headersOf('x'),
    type: 'test.event',
    specversion: '1.0',
    id: 'structured',
    source: '/foreign',
    data: {},
  };
  await world.producer.send({
    topic: world.kafka.topics.events,
    messages: [{ value: JSON.stringify(event), headers: { 'content-type': 'application/cloudevents+json' } }],
  });
  const { got, feed } = await reading(
    world.kafka.eventLog.feed(() => false),
    world.group,
  );
  await eventually('it came', () => got.length === 1);
  await feed.stop();
});

test('a group that has never been begins where another one is, and later stays where it is itself', async () => {
  const { eventLog } = world.kafka;
  await publish(0, 10);
  const first = await reading(eventLog.feed(), `${world.group}.first`);
  await eventually('all came', () => first.got.length === 10);
  await first.feed.stop();
  await publish(10, 14);
  await eventLog.beginAt(world.group, `${world.group}.first`);
  const second = await reading(eventLog.feed(), world.group);
  await eventually('what came since', () => second.got.length === 4);
  await second.feed.stop();
  await eventLog.beginAt(world.group, `${world.group}.first`);
  await publish(14, 16);
  const again = await reading(eventLog.feed(), world.group);
  await eventually('the rest', () => again.got.length === 2);
  expect(again.got.sort()).toEqual(['event-14', 'event-15']);
  await again.feed.stop();
});

test('next to a group that nobody was in, all of the log is read', async () => {
  await publish(0, 5);
  await world.kafka.eventLog.beginAt(world.group, `${world.group}.never`);
  const { got, feed } = await reading(world.kafka.eventLog.feed(), world.group);
  await eventually('all came', () => got.length === 5);
  await feed.stop();
});
