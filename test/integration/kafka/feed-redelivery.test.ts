import type { FeedState } from '../../../src/ports/feed';
import { eventually, nameOf, newEvent, newWorld } from './harness';
import type { World } from './harness';

let world: World;
beforeAll(async () => {
  world = await newWorld(1);
  for (let n = 0; n < 6; n++) await world.kafka.eventLog.publish(newEvent(n));
});
afterAll(() => world.close());

test('a throwing handler gets the first entry not done again, and nothing twice that was done', async () => {
  const batches: string[][] = [];
  const states: FeedState['kind'][] = [];
  const feed = await world.kafka.eventLog.feed().start({
    group: `${world.group}.a`,
    from: 'earliest',
    onState: (state) => states.push(state.kind),
    handler: (batch) => {
      batches.push(batch.entries.map(nameOf));
      if (batches.length === 1) {
        batch.done(1);
        batch.done(0);
        throw new Error('no');
      }
      batch.done(batch.entries.length - 1);
      return Promise.resolve();
    },
  });
  await eventually('the rest', () => batches.slice(1).flat().length >= 4 && feed.state().kind === 'running');
  await feed.stop();
  expect(batches[0]!.slice(0, 2)).toEqual(['event-0', 'event-1']);
  expect(batches.slice(1).flat()).toEqual(['event-2', 'event-3', 'event-4', 'event-5']);
  expect(states).toEqual(['running', 'retrying', 'running', 'stopped']);
});

test('after done and stop, no record comes again; what was not done does', async () => {
  const group = `${world.group}.b`;
  const first: string[] = [];
  const one = await world.kafka.eventLog.feed().start({
    group,
    from: 'earliest',
    maxBatch: 2,
    handler: async (batch) => {
      first.push(...batch.entries.map(nameOf));
      if (first.length <= 2) return batch.done(1);
      batch.done(0);
      await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
    },
  });
  await eventually('the second batch', () => first.length === 4);
  await one.stop();
  const second: string[] = [];
  const two = await world
    .again()
    .eventLog.feed()
    .start({
      group,
      from: 'earliest',
      handler: (batch) => {
        second.push(...batch.entries.map(nameOf));
        batch.done(batch.entries.length - 1);
        return Promise.resolve();
      },
    });
  await eventually('the rest', () => second.length >= 3);
  await two.stop();
  expect(first).toEqual(['event-0', 'event-1', 'event-2', 'event-3']);
  expect(second).toEqual(['event-3', 'event-4', 'event-5']);
});

test('a handler that works longer than the session keeps its partition', async () => {
  let calls = 0;
  let lost = false;
  const feed = await world.kafka.eventLog.feed().start({
    group: `${world.group}.c`,
    from: 'earliest',
    handler: async (batch) => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 12_000)); // longer than the session of 10 s: the time is what is tested
      lost ||= batch.signal.aborted;
      batch.done(batch.entries.length - 1);
    },
  });
  await eventually('the handler was called', () => calls === 1);
  await eventually('all committed', async () => {
    const admin = world.foreign.admin();
    await admin.connect();
    const [topic] = await admin.fetchOffsets({ groupId: `${world.group}.c`, topics: [world.kafka.topics.events] });
    await admin.disconnect();
    return topic!.partitions[0]!.offset === '6';
  });
  await feed.stop();
  expect({ calls, lost }).toEqual({ calls: 1, lost: false });
});
