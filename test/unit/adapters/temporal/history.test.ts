import { stateFromHistory } from '../../../../src/adapters/temporal/history';
import type { Close, HistoryFact } from '../../../../src/adapters/temporal/history';
import type { ExecutionInput } from '../../../../src/model/execution';
import type { ExecutionStatus } from '../../../../src/model/statuses';

const input = { executionId: 'e', context: { user: 'u', pack: 'p' } } as ExecutionInput;
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const started: HistoryFact = { kind: 'started', at: at(0), input };
const scheduled: HistoryFact = { kind: 'action-scheduled', at: at(1) };
const running: HistoryFact = { kind: 'action-started', at: at(2), identity: '42@host-1' };
const statusOf = (facts: HistoryFact[]): ExecutionStatus | undefined => stateFromHistory('r', facts)?.status;

test('an open run is where its last fact left it', () => {
  expect(statusOf([started])).toBe('requested');
  expect(statusOf([{ ...started, input: { ...input, delayMs: 5 } } as HistoryFact])).toBe('delayed');
  expect(statusOf([started, scheduled])).toBe('scheduled');
  expect(statusOf([started, scheduled, running])).toBe('running');
  expect(statusOf([started, scheduled, { kind: 'cancel-requested', at: at(3) }, running])).toBe('canceling');
});

test.each<[Close, HistoryFact[], ExecutionStatus, unknown]>([
  ['completed', [], 'succeeded', 1],
  ['canceled', [{ kind: 'memo', at: at(8), outcome: { status: 'failed', result: 'memo' } }], 'canceled', 'memo'],
  ['canceled', [], 'canceled', undefined],
  ['terminated', [], 'abandoned', undefined],
  ['timed-out', [], 'timeout', undefined],
])('closed as %s after %j reads as %s', (how, extra, status, result) => {
  const outcome = { status: 'succeeded' as const, result: 1 };
  const state = stateFromHistory('r', [started, ...extra, { kind: 'closed', at: at(9), how, outcome }]);
  expect(state).toMatchObject({ status, startedAt: at(0), endedAt: at(9) });
  expect(state?.result).toEqual(result);
  expect(state?.log.at(-1)).toEqual({ timestamp: at(9), status });
});

test('a failure that carries no outcome of ours is still failed', () => {
  expect(statusOf([started, { kind: 'closed', at: at(9), how: 'failed' }])).toBe('failed');
});

test('who cancelled and where it ran are told; a signal without a cancellation names nobody', () => {
  const signal: HistoryFact = { kind: 'cancel-signal', at: at(3), user: 'boss' };
  const state = stateFromHistory('r', [started, running, signal, { kind: 'cancel-requested', at: at(3) }]);
  expect(state).toMatchObject({ context: { cancelled_by: 'boss' }, runnerInfo: { pid: 42, hostname: 'host-1' } });
  expect(stateFromHistory('r', [started, signal])?.context).toEqual(input.context);
});

test('a run ended when its final record was made, unless Temporal ended it', () => {
  const facts: HistoryFact[] = [started, { kind: 'concluded', at: at(5) }];
  const endOf = (how: Close): string | undefined =>
    stateFromHistory('r', [...facts, { kind: 'closed', at: at(9), how }])?.endedAt;
  expect((['completed', 'failed', 'canceled'] as const).map(endOf)).toEqual([at(5), at(5), at(5)]);
  expect((['terminated', 'timed-out'] as const).map(endOf)).toEqual([at(9), at(9)]);
});

test('log lines have the order of the audit records also when clocks differ, and a cancellation without a name is by someone unknown', () => {
  const late: HistoryFact = { ...running, at: at(7) };
  const state = stateFromHistory('r', [started, scheduled, late, { kind: 'cancel-requested', at: at(3) }]);
  expect(state?.log.map(({ status }) => status)).toEqual(['requested', 'scheduled', 'running', 'canceling']);
  expect(state?.context).toMatchObject({ cancelled_by: 'unknown' });
});

test('a history without its start is no execution of ours', () => {
  expect(stateFromHistory('r', [scheduled])).toBeNull();
});
