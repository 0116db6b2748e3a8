import { ShardMachine } from '../../../src/conditions/shard-machine';
import type { Decision } from '../../../src/model/shard';
import { tellOf } from './machine';

const reasons = (decisions: readonly Decision[]): string[] =>
  decisions.map((decision) => (decision.kind === 'fire' ? `fire ${decision.key}` : decision.reason));

test('debounce lets the last event of a quiet key pass, and tells of those before it', () => {
  const machine = new ShardMachine({ guard: { debounce: { wait: 10_000 } } });
  const [first, second] = [tellOf('a', 0, 1), tellOf('a', 5, 2)];
  expect(machine.tell([first], 0)).toEqual([]);
  expect(machine.tell([second], 5_000)).toEqual([
    { kind: 'suppress', key: 'a', instance: first.i, reason: `debounced: trigger instance ${second.i} followed` },
  ]);
  expect(machine.due(14_000)).toEqual([]);
  expect(machine.nextAt()).toBe(15_000);
  expect(machine.due(15_000)).toEqual([{ kind: 'fire', key: 'a', instance: second.i }]);
  expect(machine.nextAt()).toBeNull();
});

test('debounce waits at most so long for a key that does not get quiet', () => {
  const machine = new ShardMachine({ guard: { debounce: { wait: 10_000, atMost: 25_000 } } });
  for (const second of [0, 8, 16, 24]) machine.tell([tellOf('a', second, second + 1)], second * 1_000);
  expect(machine.nextAt()).toBe(25_000);
});

test('throttle lets so many begin within the time, each key by itself', () => {
  const machine = new ShardMachine({ guard: { throttle: { limit: 2, per: 60_000 } } });
  const at = (second: number, key: string, offset: number): string[] =>
    reasons(machine.tell([tellOf(key, second, offset)], second * 1_000));
  expect([at(0, 'a', 1), at(1, 'a', 2), at(2, 'a', 3), at(3, 'b', 4), at(61, 'a', 5), at(61.5, 'a', 6)]).toEqual([
    ['fire a'],
    ['fire a'],
    ['throttled: 2 began within 60 s, the limit'],
    ['fire b'],
    ['fire a'],
    ['fire a'],
  ]);
});

test('concurrency gives a place back when its execution ended, or when nothing was started', () => {
  const machine = new ShardMachine({ guard: { concurrency: { limit: 1, delay: false } } });
  const tells = [1, 2, 3, 4].map((offset) => tellOf('a', 0, offset));
  const tell = (n: number): string[] => reasons(machine.tell(tells.slice(n - 1, n), 0));
  expect(tell(1)).toEqual(['fire a']);
  expect(tell(2)).toEqual(['too many at once: 1 running, the limit']);
  machine.started(tells[0]?.i ?? '', 'execution-1');
  expect(machine.running()).toEqual(['execution-1']);
  machine.ended(['execution-1']);
  expect(tell(3)).toEqual(['fire a']);
  machine.started(tells[2]?.i ?? '', null);
  expect(tell(4)).toEqual(['fire a']);
});

test('what is too many waits for its turn where the guard says so, through a restart', () => {
  const spec = { guard: { concurrency: { limit: 1, delay: true } } };
  const machine = new ShardMachine(spec);
  const tells = [1, 2, 3].map((offset) => tellOf('a', 0, offset));
  expect(reasons(machine.tell(tells, 0))).toEqual(['fire a']);
  machine.started(tells[0]?.i ?? '', 'execution-1');
  const after = new ShardMachine(spec, JSON.parse(JSON.stringify(machine.state(0))) as never);
  expect(after.due(0)).toEqual([]);
  after.ended(['execution-1']);
  expect(after.nextAt()).toBe(0);
  expect(after.due(0)).toEqual([{ kind: 'fire', key: 'a', instance: tells[1]?.i }]);
  expect(after.due(0)).toEqual([]);
  expect(after.abandon('gone')).toMatchObject([{ kind: 'suppress', instance: tells[2]?.i, reason: 'gone' }]);
});

test('a condition that fires goes through the guard, by the key of the guard', () => {
  const machine = new ShardMachine({
    condition: { type: 'threshold', count: 2, within: 60_000, late: 0 },
    guard: { throttle: { limit: 1, per: 60_000 } },
  });
  const tells = ['a', 'a', 'b', 'b'].map((key, offset) => tellOf(key, 0, offset, { g: 'all' }));
  expect(machine.tell(tells, 0)).toMatchObject([
    { kind: 'fire', key: 'a' },
    { kind: 'suppress', key: 'all', instance: tells[3]?.i },
  ]);
});
