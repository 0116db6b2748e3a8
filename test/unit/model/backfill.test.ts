import { MAX_SAMPLES, added, noStarts, sampled, shortened } from '../../../src/model/backfill';
import type { BackfillSample } from '../../../src/model/backfill';
import { backfillWorkflowId, reEmittedEventId } from '../../../src/model/ids';
import { lengthOf, pastOf } from '../../../src/model/log-range';
import { parseRate } from '../../../src/model/rate';
import { parseTime } from '../../../src/model/timestamps';

test.each([
  ['50', 50],
  ['50/s', 50],
  [' 30 / m ', 0.5],
  ['36/h', 0.01],
  [2.5, 2.5],
  ['0', null],
  ['0/s', null],
  ['-1', null],
  ['1001/s', null],
  ['many', null],
  ['5/d', null],
  [Infinity, null],
])('the rate %j is %j a second', (given, expected) => expect(parseRate(given)).toBe(expected));

test.each([
  ['2026-11-28', '2026-11-28T00:00:00.000Z'],
  ['2026-11-28T10:00', '2026-11-28T10:00:00.000Z'],
  ['2026-11-28 10:00:01.5', '2026-11-28T10:00:01.500Z'],
  ['2026-11-28T10:00:00.123456Z', '2026-11-28T10:00:00.123Z'],
  ['2026-11-28T10:00:00+02:00', '2026-11-28T08:00:00.000Z'],
  ['2026-11-28T10:00:00-0330', '2026-11-28T13:30:00.000Z'],
  ['2026-11-28T10:00:00+02', '2026-11-28T08:00:00.000Z'],
])('%s is %s, whatever the zone of this machine', (text, expected) =>
  expect(new Date(parseTime(text) ?? NaN).toISOString()).toBe(expected),
);
test.each(['', 'yesterday', '2026-13-01', '2026-11-28T25:00', '1764324000', '2026-11-28T10:00 CET'])(
  '%j is no time',
  (text) => expect(parseTime(text)).toBeNull(),
);

test('stretches are left behind one after the other', () => {
  const spans = [
    { partition: 0, from: 5, before: 10 },
    { partition: 3, from: 0, before: 2 },
  ];
  expect(lengthOf(spans)).toBe(7);
  expect(pastOf(spans, 8)).toEqual([{ partition: 0, from: 8, before: 10 }, spans[1]]);
  expect(pastOf(spans, 10)).toEqual([spans[1]]);
  expect(pastOf([], 3)).toEqual([]);
});

test('numbers add up, and samples leave room for other outcomes', () => {
  expect(added({ ...noStarts(), started: 2 }, { ...noStarts(), started: 3, failed: 1 })).toEqual({
    ...noStarts(),
    started: 5,
    failed: 1,
  });
  const sample = (outcome: BackfillSample['outcome']): BackfillSample => ({
    trigger_instance: 'i',
    occurrence_time: '',
    outcome,
  });
  const many = sampled(
    [],
    Array.from({ length: 50 }, () => sample('would_start')),
  );
  expect(many).toHaveLength(MAX_SAMPLES / 2);
  expect(sampled(many, [sample('failed')]).at(-1)?.outcome).toBe('failed');
  const long = shortened({ ...sample('would_start'), parameters: { text: 'x'.repeat(3_000) } });
  expect(long).toEqual({ ...sample('would_start'), reason: 'its parameters are not shown: 3011 characters' });
  expect(shortened({ ...sample('failed'), reason: 'y'.repeat(900) }).reason).toHaveLength(500);
});

test('ids never change: they make a repeated request the same one', () => {
  expect(backfillWorkflowId('default.past', 'key-1')).toBe('backfill/default.past/eed01a9bcbcdf3087ac1d26d');
  expect(reEmittedEventId('deadbeef0003001cbe991a14', 'key-1')).toBe('re-emit-f126b6b71fcefcefa0a23a08cce1616f');
});
