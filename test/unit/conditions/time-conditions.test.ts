import { ShardMachine } from '../../../src/conditions/shard-machine';
import type { Tell } from '../../../src/model/shard';
import { fired, seeded, tellOf, toldWithCrashes } from './machine';
import type { Spec } from './machine';

const threshold = (count: number, seconds: number, late = seconds): Spec => ({
  condition: { type: 'threshold', count, within: seconds * 1_000, late: late * 1_000 },
});
const absence = (seconds: number): Spec => ({ condition: { type: 'absence', within: seconds * 1_000 } });
const sequence = (seconds: number): Spec => ({
  condition: { type: 'sequence', within: seconds * 1_000, late: seconds * 1_000 },
});

const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, by: random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ item }) => item);

describe('a threshold', () => {
  test('fires with the event that completes the number, and begins anew', () => {
    const machine = new ShardMachine(threshold(3, 60));
    const decisions = [0, 10, 20, 21, 22, 23].flatMap((second, n) => machine.tell([tellOf('a', second, n)], 0));
    expect(decisions).toMatchObject([
      {
        kind: 'fire',
        key: 'a',
        instance: tellOf('a', 20, 2).i,
        facts: { count: 3, since: '1970-01-01T00:00:00.000Z' },
      },
      { kind: 'fire', key: 'a', instance: tellOf('a', 23, 5).i },
    ]);
  });

  test('counts what is within the time only, each key by itself', () => {
    const machine = new ShardMachine(threshold(2, 60));
    const tells = [tellOf('a', 0, 1), tellOf('b', 10, 2), tellOf('a', 61, 3), tellOf('b', 70, 4), tellOf('a', 200, 5)];
    expect(fired(machine.tell(tells, 0))).toEqual(['b']);
  });

  test('counts late events where they belong', () => {
    const machine = new ShardMachine(threshold(3, 60));
    // The event at 30 comes last; with those at 0 and 50 it makes three within a minute.
    expect(fired(machine.tell([tellOf('a', 0, 1), tellOf('a', 50, 2), tellOf('a', 100, 3)], 0))).toEqual([]);
    expect(fired(machine.tell([tellOf('a', 30, 4)], 0))).toEqual(['a']);
  });

  test('counts two instances of one event once', () => {
    const machine = new ShardMachine(threshold(2, 60));
    expect(fired(machine.tell([tellOf('a', 0, 1, { e: 'same' }), tellOf('a', 1, 2, { e: 'same' })], 0))).toEqual([]);
    expect(fired(machine.tell([tellOf('a', 2, 3)], 0))).toEqual(['a']);
  });

  test.each([1, 2, 3, 4, 5])('fires as often whatever the order, the batches and the crashes (seed %i)', (seed) => {
    const random = seeded(seed);
    const keys = ['a', 'b', 'c'];
    const counts = new Map(keys.map((key) => [key, 5 + Math.floor(random() * 40)]));
    const seconds = keys.flatMap((key) =>
      Array.from({ length: counts.get(key) ?? 0 }, () => ({ key, at: random() * 59 })),
    );
    const tells = shuffled(seconds, random).map(({ key, at }, offset) => tellOf(key, at, offset));
    const decisions = fired(toldWithCrashes(threshold(4, 60), tells, random));
    for (const key of keys)
      expect([key, decisions.filter((each) => each === key).length]).toEqual([
        key,
        Math.floor((counts.get(key) ?? 0) / 4),
      ]);
  });
});

test('a shard that keeps too much refuses new keys, each visibly, and goes on with those it knows', () => {
  const machine = new ShardMachine(absence(3_600));
  const tells = Array.from({ length: 30_000 }, (_, n) => tellOf(`host-${n}.example.org`, 1, n + 1));
  const refused = machine.tell(tells, 1_000).filter(({ kind }) => kind === 'suppress');
  expect(refused.length).toBeGreaterThan(1_000);
  expect(refused[0]).toMatchObject({ reason: expect.stringMatching(/^too many keys/) });
  expect(JSON.stringify(machine.state(1_000)).length).toBeLessThan(1_300_000);
  const again = [tellOf('host-0.example.org', 2, 40_001), tellOf('host-29999.example.org', 2, 40_002)];
  expect(machine.tell(again, 2_000)).toMatchObject([{ kind: 'suppress', key: 'host-29999.example.org' }]);
  expect(machine.about('host-0.example.org', 2_000).last).toBe('1970-01-01T00:00:02.000Z');
});

describe('absence', () => {
  test('fires once for keys that fell silent, with their last event, and again after they were heard of again', () => {
    const machine = new ShardMachine(absence(40));
    machine.tell([tellOf('a', 0, 1), tellOf('b', 0, 2)], 0);
    machine.tell([tellOf('b', 30, 3)], 30_000);
    expect(machine.isDue(49_000)).toBe(false);
    expect(machine.nextAt()).toBe(50_000);
    expect(machine.expire(50_000, 50_000)).toMatchObject([{ kind: 'fire', key: 'a', instance: tellOf('a', 0, 1).i }]);
    expect(machine.isDue(79_000)).toBe(false);
    expect(fired(machine.expire(80_000, 80_000))).toEqual(['b']);
    expect(machine.nextAt()).toBeNull();
    machine.tell([tellOf('a', 90, 4)], 90_000);
    expect(fired(machine.expire(140_000, 140_000))).toEqual(['a']);
  });

  test('an event older than the last one changes nothing, before and after it fired', () => {
    const machine = new ShardMachine(absence(40));
    machine.tell([tellOf('a', 20, 1), tellOf('a', 5, 2)], 0);
    expect(machine.isDue(69_000)).toBe(false);
    expect(fired(machine.expire(70_000, 70_000))).toEqual(['a']);
    machine.tell([tellOf('a', 10, 3)], 71_000);
    expect(machine.isDue(500_000)).toBe(false);
  });

  test('an hour later, after a restart, it knows what it knew', () => {
    const before = new ShardMachine(absence(40));
    before.tell([tellOf('a', 0, 1), tellOf('b', 3_590, 2)], 0);
    const after = new ShardMachine(absence(40), before.state(3_600_000));
    expect(fired(after.expire(3_600_000, 3_600_000))).toEqual(['a']);
  });
});

describe('a sequence (one event, then not another)', () => {
  const answer = (key: string, second: number, offset: number): Tell => tellOf(key, second, offset, { r: 1 });

  test('fires for what no answer followed in time', () => {
    const machine = new ShardMachine(sequence(60));
    machine.tell([tellOf('a', 0, 1), tellOf('b', 0, 2), answer('b', 59, 3), tellOf('c', 0, 4), answer('c', 61, 5)], 0);
    expect(fired(machine.expire(60_000, 60_000))).toEqual(['a', 'c']);
    expect(machine.nextAt()).toBeNull();
  });

  test('an answer that came before what it answers is kept for it', () => {
    const machine = new ShardMachine(sequence(60));
    machine.tell([answer('a', 30, 1), tellOf('a', 10, 2), tellOf('a', 31, 3)], 0);
    expect(machine.expire(500_000, 500_000)).toMatchObject([{ key: 'a', instance: tellOf('a', 31, 3).i }]);
  });

  test('an event that is both answers what came before and waits for an answer itself', () => {
    const machine = new ShardMachine(sequence(60));
    machine.tell([tellOf('a', 0, 1), answer('a', 30, 2), tellOf('a', 30, 2)], 0);
    expect(machine.expire(500_000, 500_000)).toMatchObject([{ instance: tellOf('a', 30, 2).i }]);
  });

  test.each([1, 2, 3])('told again from any point, it fires as often (seed %i)', (seed) => {
    const random = seeded(seed);
    const events = Array.from({ length: 200 }, (_, n) => {
      const key = 'abcdef'[Math.floor(random() * 6)] ?? 'a';
      return random() < 0.5 ? tellOf(key, n * 7, n) : answer(key, n * 7, n);
    });
    const once = new ShardMachine(sequence(30));
    once.tell(events, 0);
    const expected = fired(once.expire(1e9, 1e9)).sort();
    expect(expected.length).toBeGreaterThan(5);
    let again = new ShardMachine(sequence(30));
    for (let from = 0; from < events.length; from = random() < 0.2 ? Math.max(0, from - 6) : from + 4) {
      again.tell(events.slice(from, from + 4 + Math.floor(random() * 4)), 0);
      again = new ShardMachine(sequence(30), JSON.parse(JSON.stringify(again.state(0))) as never);
    }
    expect(fired(again.expire(1e9, 1e9)).sort()).toEqual(expected);
  });
});
