import type { LogEntry } from '../../../src/model/event';
import { lengthOf } from '../../../src/model/log-range';
import type { LogRange } from '../../../src/model/log-range';
import { RangeReader } from '../../../src/adapters/kafka/range-reader';
import { eventually, headersOf, nameOf, newEvent, newWorld } from './harness';
import type { World } from './harness';

let world: World;
beforeAll(async () => {
  world = await newWorld();
}, 60_000);
afterAll(() => world.close());

async function entriesIn({ epoch, spans }: LogRange): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  for (const span of spans) {
    for (let from = span.from; from < span.before;) {
      const { entries, next } = await world.kafka.eventLog.readSpan(epoch, { ...span, from });
      found.push(...entries);
      expect(next).toBeGreaterThan(from);
      from = next;
    }
  }
  return found;
}
const send = (id: string, atMs: number, partition: number): Promise<unknown> =>
  world.producer.send({
    topic: world.kafka.topics.events,
    messages: [{ value: '{}', headers: headersOf(id), timestamp: String(atMs), partition }],
  });

test('a range of time is what the log took in from then until before, partition by partition, and no more than that', async () => {
  const noon = Date.parse('2026-11-01T12:00:00Z');
  for (const partition of [0, 2]) {
    for (const minute of [0, 1, 2, 3]) await send(`${partition}@${minute}`, noon + minute * 60_000, partition);
  }
  const range = await world.kafka.eventLog.range(noon + 60_000, noon + 180_000);
  expect(range.spans).toEqual([
    { partition: 0, from: 1, before: 3 },
    { partition: 2, from: 1, before: 3 },
  ]);
  expect((await entriesIn(range)).map(nameOf)).toEqual(['0@1', '0@2', '2@1', '2@2']);
  const open = await world.kafka.eventLog.range(noon + 180_000, Date.now());
  expect((await entriesIn(open)).map(nameOf)).toEqual(['0@3', '2@3']);
  expect((await world.kafka.eventLog.range(Date.now() - 1_000, Date.now())).spans).toEqual([]);
});

test('a range of another topic epoch is refused', async () => {
  const { epoch, spans } = await world.kafka.eventLog.range(0, Date.now());
  const [span = { partition: 0, from: 0, before: 1 }] = spans;
  await expect(world.kafka.eventLog.readSpan(epoch + 1, span)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('several megabytes are read in pieces, several readers at once, each from where it stands', async () => {
  const since = Date.now();
  const text = 'x'.repeat(10_000);
  await Promise.all(
    Array.from({ length: 400 }, (_, n) => world.kafka.eventLog.publish(newEvent(n, { payload: { n, text } }))),
  );
  const range = await world.kafka.eventLog.range(since, Date.now() + 1_000);
  expect(lengthOf(range.spans)).toBe(400);
  const reads = await Promise.all([
    entriesIn(range),
    entriesIn(range),
    entriesIn({ ...range, spans: [...range.spans].reverse() }),
  ]);
  for (const entries of reads) expect(new Set(entries.map(nameOf)).size).toBe(400);
  expect(reads.map(({ length }) => length)).toEqual([400, 400, 400]);
});

test('marks of transactions at the end and in between hold nobody up', async () => {
  const topic = world.kafka.topics.events;
  const since = Date.now();
  for (const [id, commit] of [
    ['kept', true],
    ['dropped', false],
  ] as const) {
    const producer = world.foreign.producer({
      transactionalId: `${topic}-${id}`,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: '{}', headers: headersOf(id), partition: 1 }] });
    await (commit ? transaction.commit() : transaction.abort());
    await producer.disconnect();
  }
  // A transaction's end is written a moment after its producer was told of it.
  let range: LogRange = { epoch: 0, spans: [] };
  await eventually('both transactions are over', async () => {
    range = await world.kafka.eventLog.range(since, Date.now() + 1_000);
    return lengthOf(range.spans) === 4;
  });
  const [span] = range.spans;
  expect((await entriesIn(range)).map(nameOf)).toEqual(['kept']);
  const last = { ...range, spans: [{ partition: 1, from: (span?.before ?? 0) - 1, before: span?.before ?? 0 }] };
  expect(await entriesIn(last)).toEqual([]);
});

test('a reader that is not asked any more leaves its group, and comes back when it is', async () => {
  const topic = world.kafka.topics.events;
  await send('there', Date.now(), 3);
  const admin = world.foreign.admin();
  await admin.connect();
  const members = async (): Promise<number> => {
    const { groups } = await admin.listGroups();
    const ours = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(`${topic}.ranges.`));
    const described = ours.length > 0 ? (await admin.describeGroups(ours)).groups : [];
    return described.reduce((sum, group) => sum + group.members.length, 0);
  };
  const others = await members();
  const reader = new RangeReader(world.foreign, { topic, log: () => undefined, idleMs: 300 });
  const read = async (): Promise<number> => (await reader.read(3, 0)).messages.length;
  expect(await read()).toBeGreaterThan(0);
  await eventually('it has left', async () => (await members()) === others);
  expect(await read()).toBeGreaterThan(0);
  await reader.close();
  expect(await members()).toBe(others);
  await admin.disconnect();
});
