import { eventually, nameOf, newEvent, newWorld } from './harness';
import type { World } from './harness';
import type { Feed } from '../../../src/ports/feed';
import type { LogEntry } from '../../../src/model/event';

let world: World;
beforeAll(async () => {
  world = await newWorld(4);
});
afterAll(() => world.close());

test('two members share the partitions, and those of a stopped one move', async () => {
  const got = { a: [] as string[], b: [] as string[] };
  const partitions = { a: new Set<number>(), b: new Set<number>() };
  const member = (name: 'a' | 'b', feed: Feed<LogEntry>) =>
    feed.start({
      group: world.group,
      from: 'earliest',
      handler: (batch) => {
        got[name].push(...batch.entries.map(nameOf));
        partitions[name].add(batch.partition);
        batch.done(batch.entries.length - 1);
        return Promise.resolve();
      },
    });
  const publish = async (from: number, to: number) => {
    const numbers = Array.from({ length: to - from }, (_, i) => from + i);
    await Promise.all(numbers.map((n) => world.kafka.eventLog.publish(newEvent(n, { partitionKey: `k${n}` }))));
  };
  const a = await member('a', world.kafka.eventLog.feed());
  const b = await member('b', world.again().eventLog.feed());
  let published = 0;
  await eventually('both have partitions', async () => {
    partitions.a.clear();
    partitions.b.clear();
    await publish(published, (published += 40));
    await eventually('all came', () => new Set([...got.a, ...got.b]).size === published);
    return partitions.a.size === 2 && partitions.b.size === 2;
  });
  await a.stop();
  const before = got.a.length;
  await publish(published, (published += 40));
  await eventually('all came to the other', () => new Set([...got.a, ...got.b]).size === published);
  await b.stop();
  expect(got.a.length).toBe(before);
  expect(got.a.length + got.b.length).toBe(published);
});
