import { createAuditAnnouncer } from '../../../activities/audit-announcer';
import type { AuditAnnouncer } from '../../../activities/audit-announcer';
import { EverstormError } from '../../../src/model/errors';
import { auditRecordId } from '../../../src/model/ids';
import type { AuditRecord } from '../../../src/model/audit';
import { LATE_END_MS } from '../../../src/model/timings';

const record = (execution: string, sequence: number): AuditRecord => ({
  id: auditRecordId(execution, 'run', sequence),
  executionId: execution,
  workflowId: execution,
  runId: 'run',
  sequence,
  status: 'running',
  at: '2026-01-01T00:00:00.000Z',
  actionRef: 'test.act',
  context: { user: 'u', pack: 'p' },
});

/** A log that takes records when it is asked to, and Temporal's account of who ended by itself. */
function setting() {
  const taken: string[] = [];
  const state = { down: false, tooLarge: '', byItself: true, tries: 0 };
  const parts = {
    auditLog: {
      publish: async (records: readonly AuditRecord[]): Promise<void> => {
        state.tries += 1;
        if (state.down) throw new EverstormError('UNAVAILABLE', 'down');
        if (records.some(({ id }) => id === state.tooLarge)) throw new EverstormError('EVENT_TOO_LARGE', 'too large');
        taken.push(...records.map(({ executionId, sequence }) => `${executionId}${sequence}`));
        await Promise.resolve();
      },
    },
    endedByItself: () => Promise.resolve(state.byItself),
  };
  return { taken, state, parts };
}

let announcer: AuditAnnouncer;
beforeEach(() => jest.useFakeTimers());
afterEach(async () => {
  const closing = announcer.close(0);
  await jest.runAllTimersAsync();
  await closing;
  jest.useRealTimers();
});

test('records go out in order, and the end of a run repeats none that Kafka has', async () => {
  const { taken, parts } = setting();
  announcer = createAuditAnnouncer(parts);
  announcer.announce([record('a', 0), record('a', 1)]);
  await jest.advanceTimersByTimeAsync(200);
  expect(announcer.acknowledged(record('a', 1))).toBe(true);
  announcer.conclude([record('a', 0), record('a', 1), record('a', 2), record('a', 3)]);
  await jest.advanceTimersByTimeAsync(200);
  expect(taken).toEqual(['a0', 'a1', 'a2', 'a3']);
});

test('an end that follows at once on records which Kafka has is not left behind', async () => {
  const { taken, parts } = setting();
  announcer = createAuditAnnouncer(parts);
  announcer.announce([record('a', 0)]);
  await jest.advanceTimersByTimeAsync(200);
  announcer.announce([record('a', 0)]);
  announcer.conclude([record('a', 0), record('a', 1)]);
  await jest.advanceTimersByTimeAsync(200);
  expect(taken).toEqual(['a0', 'a1']);
});

test('a process that has not seen the beginning of a run tells all of it at its end', async () => {
  const { taken, parts } = setting();
  announcer = createAuditAnnouncer(parts);
  announcer.conclude([record('a', 0), record('a', 1), record('a', 2)]);
  await jest.advanceTimersByTimeAsync(200);
  expect(taken).toEqual(['a0', 'a1', 'a2']);
});

test('while Kafka is away it is asked now and then, and afterwards takes everything in order', async () => {
  const { taken, state, parts } = setting();
  announcer = createAuditAnnouncer(parts);
  state.down = true;
  announcer.announce([record('a', 0)]);
  await jest.advanceTimersByTimeAsync(60_000);
  announcer.announce([record('b', 0)]);
  expect(announcer.acknowledged(record('a', 0))).toBe(false);
  expect(state.tries).toBeGreaterThan(10);
  expect(state.tries).toBeLessThan(25);
  state.down = false;
  await jest.advanceTimersByTimeAsync(10_000);
  expect(taken).toEqual(['a0', 'b0']);
});

test.each([true, false])('an end that comes late is told only if Temporal has it: %s', async (byItself) => {
  const { taken, state, parts } = setting();
  announcer = createAuditAnnouncer(parts);
  Object.assign(state, { down: true, byItself });
  announcer.conclude([record('a', 0), record('a', 1)]);
  await jest.advanceTimersByTimeAsync(LATE_END_MS + 10_000);
  state.down = false;
  await jest.advanceTimersByTimeAsync(10_000);
  expect(taken).toEqual(byItself ? ['a0', 'a1'] : ['a0']);
});

test('a record that is too large for Kafka holds up no other', async () => {
  const { taken, state, parts } = setting();
  announcer = createAuditAnnouncer(parts);
  state.tooLarge = record('b', 0).id;
  announcer.announce([record('a', 0), record('b', 0), record('c', 0)]);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(taken).toEqual(['a0', 'c0']);
});

test('closing waits for Kafka, but not for ever', async () => {
  const { taken, state, parts } = setting();
  announcer = createAuditAnnouncer(parts);
  state.down = true;
  announcer.announce([record('a', 0)]);
  let closed = false;
  const closing = announcer.close(5_000).then(() => (closed = true));
  await jest.advanceTimersByTimeAsync(4_000);
  expect(closed).toBe(false);
  await jest.advanceTimersByTimeAsync(2_000);
  await closing;
  expect(taken).toEqual([]);
});
