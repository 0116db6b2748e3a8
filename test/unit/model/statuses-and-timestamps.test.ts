import {
  EXECUTION_STATUSES,
  isCancelable,
  isCompleted,
  isExecutionStatus,
  isFailed,
} from '../../../src/model/statuses';
import { formatTimestamp, parseTimestamp } from '../../../src/model/timestamps';
import { maskSecrets } from '../../../src/model/masking';

describe('statuses as StackStorm has them', () => {
  it('knows fourteen, of which five are final and three failed', () => {
    expect(EXECUTION_STATUSES).toHaveLength(14);
    expect(EXECUTION_STATUSES.filter(isCompleted)).toEqual(['succeeded', 'failed', 'timeout', 'abandoned', 'canceled']);
    expect(EXECUTION_STATUSES.filter(isFailed)).toEqual(['failed', 'timeout', 'abandoned']);
  });
  it('never lets a completed execution be canceled, nor takes a foreign word for a status', () => {
    expect(EXECUTION_STATUSES.filter((status) => isCancelable(status) && isCompleted(status))).toEqual([]);
    expect(isExecutionStatus('constructor')).toBe(false);
  });
});

describe('timestamps', () => {
  it('has six digits and Z, and reads the suffixes StackStorm accepts', () => {
    const at = Date.UTC(2026, 10, 23, 1, 24, 18, 717);
    expect(formatTimestamp(at)).toBe('2026-11-23T01:24:18.717000Z');
    for (const suffix of ['Z', '+00', '+0000', '+00:00'])
      expect(parseTimestamp(`2026-11-23T01:24:18.717054${suffix}`)).toBe(at);
    expect(parseTimestamp('notatime')).toBeNull();
  });
});

describe('secrets', () => {
  it('are masked at any depth, and only they', () => {
    const schemas = { pw: { secret: true }, o: { properties: { inner: { secret: true } } } };
    expect(maskSecrets({ pw: 'x', o: { inner: 'y', other: 1 }, plain: 'z' }, schemas)).toEqual({
      pw: '********',
      o: { inner: '********', other: 1 },
      plain: 'z',
    });
  });
});
