import { temporal } from '@temporalio/proto';
import type { RunActionInput } from '../../../activities/contract';
import type { RunControl } from '../../../activities/runners/contract';
import type { ExecutionOutcome } from '../../../src/model/execution';
import { isCompleted } from '../../../src/model/statuses';
import type { ExecutionState } from '../../../src/ports/executions';
import { saveHistory } from '../../replay/save-history';
import { MASKED } from '../../../src/model/masking';
import { executionInput, SECRET, startRig, until } from './support';
import type { Rig } from './support';

/** Behaves as the parameter `word` says. */
const aborts: { at: number }[] = [];
async function run(input: RunActionInput, { signal }: RunControl): Promise<ExecutionOutcome> {
  switch (input.actionParameters['word']) {
    case 'fail':
      return { status: 'failed', result: { stderr: 'no' } };
    case 'late':
      return { status: 'timeout', result: null };
    case 'throw':
      throw new Error('could not be attempted');
    case 'hang':
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      aborts.push({ at: Date.now() });
      return { status: 'failed', result: null };
    default:
      return { status: 'succeeded', result: { echoed: input.actionParameters['word'] ?? null } };
  }
}

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ run });
}, 120_000);
afterAll(() => rig?.stop());

const ended = (id: string): Promise<ExecutionState> =>
  until(`end of ${id}`, async () => {
    const state = await rig.temporal.executions.get(id);
    return state && isCompleted(state.status) && state;
  });
/** Records go out beside the run, so the last one may come a moment after its end. */
const told = (id: string): Promise<true> =>
  until(`the end of ${id} is told`, () => rig.logs.of(id).some(({ status }) => isCompleted(status)));
const historyOf = (id: string) => rig.raw.client.workflow.getHandle(id).fetchHistory();

test('an execution succeeds, and its history tells all of it', async () => {
  const input = executionInput();
  expect(await rig.temporal.executions.start(input)).toMatchObject({ kind: 'started' });
  const state = await ended(input.executionId);
  expect(state).toMatchObject({
    status: 'succeeded',
    result: { echoed: 'hello' },
    input,
    context: input.context,
    runnerInfo: { pid: process.pid },
  });
  expect(state.log.map(({ status }) => status)).toEqual(['requested', 'scheduled', 'running', 'succeeded']);
  await saveHistory('succeeded', await historyOf(input.executionId));
});

test('every change is in the audit trail, in order, numbered once, without secrets', async () => {
  const input = executionInput({ delayMs: 50 });
  await rig.temporal.executions.start(input);
  await ended(input.executionId);
  await told(input.executionId);
  const records = rig.logs.of(input.executionId).sort((a, b) => a.sequence - b.sequence);
  expect(records.map(({ status, sequence }) => `${sequence} ${status}`)).toEqual([
    '0 requested',
    '1 delayed',
    '2 scheduled',
    '3 running',
    '4 succeeded',
  ]);
  expect(records[0]?.definition).toMatchObject({ parameters: { word: 'hello', password: MASKED }, delayMs: 50 });
  expect(records[4]?.result).toEqual({ echoed: 'hello' });
  expect(JSON.stringify(records)).not.toContain(SECRET);
  await saveHistory('delayed', await historyOf(input.executionId));
});

test('started twice is one run, and the second caller learns whose it is', async () => {
  const input = executionInput();
  const [one, two] = await Promise.all([rig.temporal.executions.start(input), rig.temporal.executions.start(input)]);
  expect([one.kind, two.kind].sort()).toEqual(['already-started', 'started']);
  await told(input.executionId);
  expect(await rig.temporal.executions.start(input)).toEqual({
    kind: 'already-started',
    triggerInstanceId: input.context.trigger_instance?.id,
  });
  expect(rig.logs.of(input.executionId).filter(({ status }) => status === 'requested')).toHaveLength(1);
});

test('Temporal shows the action ref as workflow and activity type, and holds no readable payload', async () => {
  const input = executionInput();
  await rig.temporal.executions.start(input);
  await ended(input.executionId);
  const described = await rig.raw.client.workflow.getHandle(input.executionId).describe();
  expect(described.type).toBe('test.act');
  const history = await historyOf(input.executionId);
  const scheduled = (history.events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
  expect(scheduled.map(({ activityType }) => activityType?.name)).toEqual(['test.act']);
  const bytes = Buffer.from(temporal.api.history.v1.History.encode(history).finish()).toString('latin1');
  expect(bytes).toContain('binary/encrypted');
  expect(bytes).not.toContain(SECRET);
  expect(bytes).not.toContain('hello');
});

test('a failed action fails the workflow, and its outcome is read back', async () => {
  const input = executionInput({ parameters: { word: 'fail' } });
  await rig.temporal.executions.start(input);
  expect(await ended(input.executionId)).toMatchObject({ status: 'failed', result: { stderr: 'no' } });
  const described = await rig.raw.client.workflow.getHandle(input.executionId).describe();
  expect(described.status.name).toBe('FAILED');
  expect(described.typedSearchAttributes.getAll()).toContainEqual(
    expect.objectContaining({ key: expect.objectContaining({ name: 'EverstormStatus' }), value: 'failed' }),
  );
  await saveHistory('failed', await historyOf(input.executionId));
});

test('an action that its runner ended for lack of time reads as timed out', async () => {
  const input = executionInput({ parameters: { word: 'late' } });
  await rig.temporal.executions.start(input);
  expect(await ended(input.executionId)).toMatchObject({ status: 'timeout' });
  await saveHistory('timeout', await historyOf(input.executionId));
});

test('a run that could not be attempted is a failure with the reason', async () => {
  const input = executionInput({ parameters: { word: 'throw' } });
  await rig.temporal.executions.start(input);
  expect(await ended(input.executionId)).toMatchObject({
    status: 'failed',
    result: { error: 'could not be attempted', traceback: '' },
  });
});

test('parameters that can not be rendered fail the execution without running the action', async () => {
  const input = executionInput({ parameters: { word: '{{ no_such_name.deeper }}' } });
  await rig.temporal.executions.start(input);
  const state = await ended(input.executionId);
  expect(state.status).toBe('failed');
  expect(state.result).toMatchObject({ error: expect.any(String), traceback: '' });
  expect(state.log.map(({ status }) => status)).not.toContain('running');
});

test('cancel aborts the action within 3 s and ends as Canceled with who did it', async () => {
  const input = executionInput({ parameters: { word: 'hang' } });
  await rig.temporal.executions.start(input);
  await until('running', async () => (await rig.temporal.executions.get(input.executionId))?.status === 'running');
  const asked = Date.now();
  expect(await rig.temporal.executions.cancel(input.executionId, 'boss')).toBe(true);
  const state = await ended(input.executionId);
  expect(aborts).toHaveLength(1);
  expect((aborts[0]?.at ?? Infinity) - asked).toBeLessThan(3_000);
  expect(state).toMatchObject({
    status: 'canceled',
    result: { message: 'Action canceled by user.', user: 'boss' },
    context: { cancelled_by: 'boss' },
  });
  expect(state.log.map(({ status }) => status)).toEqual(['requested', 'scheduled', 'running', 'canceling', 'canceled']);
  const handle = rig.raw.client.workflow.getHandle(input.executionId);
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  await told(input.executionId);
  const records = rig.logs.of(input.executionId).sort((a, b) => a.sequence - b.sequence);
  expect(records.map(({ status }) => status)).toEqual(['requested', 'scheduled', 'running', 'canceling', 'canceled']);
  expect(records.at(-1)?.context.cancelled_by).toBe('boss');
  expect(await rig.temporal.executions.cancel(input.executionId, 'boss')).toBe(false);
  await saveHistory('canceled', await historyOf(input.executionId));
});

test('a delayed execution is canceled before its action ran', async () => {
  const input = executionInput({ delayMs: 600_000 });
  await rig.temporal.executions.start(input);
  await until('delayed', async () => (await rig.temporal.executions.get(input.executionId))?.status === 'delayed');
  expect(await rig.temporal.executions.cancel(input.executionId, 'boss')).toBe(true);
  const state = await ended(input.executionId);
  expect(state.log.map(({ status }) => status)).toEqual(['requested', 'delayed', 'canceling', 'canceled']);
});

test('while the audit log is down executions go on, and every record comes when it is back', async () => {
  rig.logs.down = true;
  const input = executionInput();
  await rig.temporal.executions.start(input);
  try {
    expect((await ended(input.executionId)).status).toBe('succeeded');
    expect(rig.logs.of(input.executionId)).toEqual([]);
  } finally {
    rig.logs.down = false;
  }
  await told(input.executionId);
  const statuses = rig.logs.of(input.executionId).map(({ status }) => status);
  expect(statuses).toEqual(['requested', 'scheduled', 'running', 'succeeded']);
});

test('an unknown execution is null, and cancelling it does nothing', async () => {
  expect(await rig.temporal.executions.get('f'.repeat(24))).toBeNull();
  expect(await rig.temporal.executions.cancel('f'.repeat(24), 'boss')).toBe(false);
});

test('a terminated execution reads as abandoned, and all() lists it', async () => {
  const input = executionInput({ parameters: { word: 'hang' } });
  await rig.temporal.executions.start(input);
  await until('running', async () => (await rig.temporal.executions.get(input.executionId))?.status === 'running');
  await rig.raw.client.workflow.getHandle(input.executionId).terminate('test');
  expect(await ended(input.executionId)).toMatchObject({ status: 'abandoned' });
  await until('listed', async () => {
    for await (const state of rig.temporal.executions.all()) {
      if (state.input.executionId === input.executionId) return true;
    }
    return false;
  });
});
