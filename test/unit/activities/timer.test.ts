import { nextFire } from '../../../activities/timer';
import { errorCode } from '../../../src/model/errors';
import { INTERVAL_TIMER_TYPE } from '../../../src/model/trigger';

const anchorIso = '2026-01-01T00:00:00.250Z';
const spec = (afterIso: string, parameters = { unit: 'seconds', delta: 10 } as Record<string, string | number>) => ({
  triggerType: INTERVAL_TIMER_TYPE,
  parameters,
  afterIso,
  anchorIso,
});
const codeOf = (act: () => unknown): string | null => {
  try {
    act();
    return null;
  } catch (error) {
    return errorCode(error);
  }
};

test.each([
  [anchorIso, '2026-01-01T00:00:10.250Z'],
  ['2026-01-01T00:00:10.249Z', '2026-01-01T00:00:10.250Z'],
  ['2026-01-01T00:00:10.250Z', '2026-01-01T00:00:20.250Z'],
  ['2026-01-01T00:05:03.000Z', '2026-01-01T00:05:10.250Z'],
  ['2025-12-31T00:00:00.000Z', '2026-01-01T00:00:10.250Z'],
])('after %s comes %s: strictly later, on the grid of the start', (after, next) => {
  expect(nextFire(spec(after))).toBe(next);
});

test.each([
  ['weeks', 7 * 86_400],
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
])('unit %s', (unit, seconds) => {
  const next = nextFire(spec(anchorIso, { unit, delta: 2 }));
  expect(Date.parse(next ?? '') - Date.parse(anchorIso)).toBe(2 * seconds * 1_000);
});

test.each([
  [{ unit: 'toString', delta: 1 }],
  [{ unit: 'seconds', delta: 0 }],
  [{ unit: 'seconds', delta: 1.5 }],
  [{ unit: 'seconds', delta: '5' }],
])('%j is refused', (parameters) => {
  expect(codeOf(() => nextFire(spec(anchorIso, parameters)))).toBe('INVALID_PARAMETERS');
});

test('another timer type is refused', () => {
  expect(codeOf(() => nextFire({ ...spec(anchorIso), triggerType: 'core.st2.CronTimer' }))).toBe('UNKNOWN_TRIGGER');
});
