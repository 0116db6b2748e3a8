import { EverstormError } from '../../../../src/model/errors';
import { triggerInstanceId } from '../../../../src/model/ids';
import type { Rule } from '../../../../src/model/rule';
import { createBackfillSteps } from '../../../../src/services/backfill';
import { backfillRefusal } from '../../../../src/services/backfill/refusal';
import { rule, worldOf } from './world';
import type { Written } from './world';

const never = new AbortController().signal;
const go = (id: string, more: object = {}): Written => ({ id, payload: { go: 'it', text: `for ${id}`, ...more } });
const it_ = rule('it');

const LOG: Written[] = [
  go('a'),
  { id: 'b', payload: { go: 'other' } },
  { id: 'c', payload: {}, trigger: 'other.trigger' },
  { id: '', payload: {}, malformed: true },
  go('d', { bad: 1 }),
  { id: 'e', payload: { go: 'it' } }, // its parameters can't be rendered
  go('f'),
  go('g'),
];
const look = (world: ReturnType<typeof worldOf>, of: Rule = it_, more: object = {}) =>
  createBackfillSteps(world.parts).look({ rule: of, epoch: 1, span: world.span, entries: 1_000, ...more }, never);
const start = (world: ReturnType<typeof worldOf>, offsets: number[], again = false, of: Rule = it_) =>
  createBackfillSteps(world.parts).start(
    { backfill: 'backfill/p.it/1', rule: of, epoch: 1, partition: 0, offsets, rate: 1_000 },
    { signal: never, again },
  );

test('a look counts each event once, by what would become of it, and shows samples without secrets', async () => {
  const world = worldOf(LOG);
  await start(world, [6]);
  const seen = await look(world);
  expect(seen).toMatchObject({ next: 8, found: [] });
  expect(seen.counts).toEqual({
    ...{ events: 7, of_trigger: 6, matched: 4, failed: 2 },
    ...{ already_ran: 1, would_start: 2, shadowed: 0 },
  });
  expect(seen.samples.map(({ outcome }) => outcome)).toEqual([
    'would_start',
    'failed',
    'failed',
    'already_ran',
    'would_start',
  ]);
  expect(seen.samples[0]?.parameters).toEqual({ message: 'for a', password: '********' });
  expect(seen.samples[1]?.reason).toBe('INVALID_PAYLOAD: bad payload');
});

test('a look in pieces says the same as one, and stops where enough is found', async () => {
  const world = worldOf(LOG);
  const whole = await look(world);
  let events = 0;
  for (let from = 0; from < 8;) {
    const piece = await createBackfillSteps(world.parts).look(
      { rule: it_, epoch: 1, span: { ...world.span, from }, entries: 2 },
      never,
    );
    events += piece.counts.events;
    expect(piece.next).toBe(from + 2);
    from = piece.next;
  }
  expect(events).toBe(whole.counts.events);
  expect(await look(world, it_, { find: 2 })).toMatchObject({ found: [0, 6], next: 7 });
  expect(await look(world, it_, { find: 9 })).toMatchObject({ found: [0, 6, 7], next: 8 });
});

test('a start starts once, records once, and says so when it is tried again', async () => {
  const world = worldOf(LOG);
  expect(await start(world, [0, 6, 7])).toEqual({
    starts: { started: 3, already_ran: 0, failed: 0, shadowed: 0 },
    left: [],
  });
  expect([...world.runs.keys()]).toEqual(['a', 'f', 'g'].map((id) => world.idOf(it_, id)));
  expect([...world.enforcements.values()].map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(world.inputs[0]?.context).toMatchObject({ backfill: 'backfill/p.it/1', rule: { ref: 'p.it' } });
  // The process died before it could report: tried again, they are its own. For another backfill they ran already.
  expect((await start(world, [0, 6, 7], true)).starts).toMatchObject({ started: 3, already_ran: 0 });
  expect((await start(world, [0, 6, 7])).starts).toMatchObject({ started: 0, already_ran: 3 });
  expect([world.runs.size, world.enforcements.size]).toEqual([3, 3]);
});

test('what started before it could be recorded is recorded when tried again', async () => {
  const world = worldOf(LOG);
  const { record } = world.parts.store.enforcements;
  world.parts.store.enforcements.record = () => Promise.reject(new EverstormError('UNAVAILABLE', 'away'));
  await expect(start(world, [0, 6])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect([world.runs.size, world.enforcements.size]).toEqual([1, 0]);
  world.parts.store.enforcements.record = record;
  expect((await start(world, [0, 6, 7], true)).starts.started).toBe(3);
  expect([world.runs.size, world.enforcements.size]).toEqual([3, 3]);
});

test('two events of one source and id start one execution; the other is told as deduplicated', async () => {
  const world = worldOf([go('a'), go('a')]);
  expect((await start(world, [0, 1])).starts).toMatchObject({ started: 1, already_ran: 1 });
  expect([...world.enforcements.values()].map(({ status }) => status).sort()).toEqual(['deduplicated', 'succeeded']);
});

test('an aborted start says what is left, and nothing of it was started', async () => {
  const world = worldOf(LOG);
  const stopping = new AbortController();
  const { start: real } = world.parts.executions;
  world.parts.executions.start = (input) => {
    stopping.abort();
    return real(input);
  };
  const asked = { backfill: 'b', rule: it_, epoch: 1, partition: 0, offsets: [0, 6, 7], rate: 1_000 };
  const made = await createBackfillSteps(world.parts).start(asked, { signal: stopping.signal, again: false });
  expect(made).toMatchObject({ starts: { started: 1 }, left: [6, 7] });
  expect(world.runs.size).toBe(1);
  expect(world.enforcements.size).toBe(1);
});

test('a disabled rule is evaluated; one in shadow mode records and starts nothing', async () => {
  const world = worldOf(LOG);
  expect((await look(world, rule('it', { enabled: false }))).counts.would_start).toBe(3);
  const shadow = rule('it', { mode: 'shadow' });
  expect((await look(world, shadow, { find: 2 })).found).toEqual([0, 5]);
  expect((await start(world, [0, 6], false, shadow)).starts).toMatchObject({ shadowed: 2, started: 0 });
  expect([...world.enforcements.values()].map(({ status }) => status)).toEqual(['shadowed', 'shadowed']);
  expect(world.runs.size).toBe(0);
});

test('a backstop rule matches only where no standard rule does now', async () => {
  const backstop = rule('all', { type: { ref: 'backstop', parameters: {} }, criteria: {} });
  const shadow = rule('it', { mode: 'shadow' });
  expect((await look(worldOf(LOG, [it_, backstop]), backstop)).counts.matched).toBe(1);
  expect((await look(worldOf(LOG, [shadow, backstop]), backstop)).counts.matched).toBe(5);
});

test('rules whose answer depends on the present are refused with the reason', () => {
  expect(backfillRefusal(it_)).toBeNull();
  expect(backfillRefusal(rule('it', { when: { type: 'absence', within: 60 } }))).toContain('`when`');
  expect(backfillRefusal(rule('it', { guard: { throttle: { limit: 1, per: 60 } } }))).toContain('`guard`');
  expect(backfillRefusal(rule('it', {}))).toBeNull();
});

test('samples name the instance', async () => {
  const seen = await look(worldOf([go('a')]));
  expect(seen.samples[0]?.trigger_instance).toBe(triggerInstanceId({ epoch: 1, partition: 0, offset: 0 }));
});
