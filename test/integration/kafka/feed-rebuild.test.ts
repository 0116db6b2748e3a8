import type { FeedState } from '../../../src/ports/feed';
import { eventually, nameOf, newEvent, newWorld } from './harness';

test('a feed whose topic does not exist yet keeps trying, and delivers once it does', async () => {
  const world = await newWorld(1);
  const admin = world.foreign.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [world.kafka.topics.events] });
  const states: FeedState[] = [];
  const got: string[] = [];
  const feed = await world
    .again()
    .eventLog.feed()
    .start({
      group: world.group,
      from: 'earliest',
      onState: (state) => states.push(state),
      handler: (batch) => {
        got.push(...batch.entries.map(nameOf));
        batch.done(batch.entries.length - 1);
        return Promise.resolve();
      },
    });
  expect(feed.state().kind).toBe('retrying');
  await world.kafka.ensureTopics({ partitions: 1 });
  await world.kafka.eventLog.publish(newEvent(1));
  await eventually('the event', () => got.length === 1 && feed.state().kind === 'running');
  await feed.stop();
  await feed.stop();
  expect(got).toEqual(['event-1']);
  expect(states.at(-1)).toEqual({ kind: 'stopped' });
  await admin.disconnect();
  await world.close();
});
