import type { RunActionInput } from '../../../activities/contract';
import type { RunControl } from '../../../activities/runners/contract';
import type { ExecutionInput, ExecutionOutcome } from '../../../src/model/execution';
import { isCompleted } from '../../../src/model/statuses';
import { executionInput, startRig, until } from './support';
import type { Rig } from './support';
import { startGatedWorker } from './worker-behind-a-gate';
import type { GatedWorker } from './worker-behind-a-gate';

/** What became of each action: what it did cannot be done twice unseen. */
interface Doing {
  begun: number;
  stoppedAt?: number;
  finish: () => void;
}
const doings = new Map<string, Doing>();

/** An action that goes on until the test lets it end, or it is stopped. */
function run({ executionId }: RunActionInput, { signal }: RunControl): Promise<ExecutionOutcome> {
  return new Promise((resolve) => {
    const finish = (): void => resolve({ status: 'succeeded', result: { done: true } });
    const doing = { begun: (doings.get(executionId)?.begun ?? 0) + 1, finish };
    doings.set(executionId, doing);
    signal.addEventListener('abort', () => {
      doings.set(executionId, { ...doing, stoppedAt: Date.now() });
      resolve({ status: 'canceled', result: null });
    });
  });
}

let rig: Rig;
let worker: GatedWorker;
beforeEach(async () => {
  // The rig's own worker keeps the workflows going; it runs no action.
  rig = await startRig({ run: () => Promise.reject(new Error('not used')) }, undefined, { actionSlots: 0 });
}, 120_000);
afterEach(async () => {
  await worker.drain();
  await rig.stop();
}, 60_000);

async function begin(overrides: Partial<ExecutionInput['action']> = {}): Promise<ExecutionInput> {
  const input = executionInput();
  Object.assign(input.action, overrides);
  await rig.temporal.executions.start(input);
  await until('the action has begun', () => doings.get(input.executionId)?.begun === 1);
  return input;
}
const doing = ({ executionId }: ExecutionInput): Doing => doings.get(executionId) as Doing;
const pendingTypes = async ({ executionId }: ExecutionInput): Promise<(string | null | undefined)[]> => {
  const { raw } = await rig.raw.client.workflow.getHandle(executionId).describe();
  return (raw.pendingActivities ?? []).map(({ activityType }) => activityType?.name);
};
const end = ({ executionId }: ExecutionInput, withinMs = 30_000) =>
  until(
    'end',
    async () => {
      const state = await rig.temporal.executions.get(executionId);
      return state && isCompleted(state.status) && state;
    },
    withinMs,
  );

test('one that Temporal gave up on while it could not be heard goes on, and its outcome counts', async () => {
  worker = await startGatedWorker(rig, { run, desk: { contactLostMs: 60_000 } });
  const input = await begin();
  await worker.gate.hold();
  await until('Temporal asks its worker for it', async () => (await pendingTypes(input)).includes('everstorm.ask'));
  await worker.gate.open();
  doing(input).finish();
  const state = await end(input);
  expect(state).toMatchObject({
    status: 'succeeded',
    result: { done: true },
    runnerInfo: { hostname: expect.any(String) },
  });
  expect(state.log.map(({ status }) => status)).toEqual(['requested', 'scheduled', 'running', 'succeeded']);
  expect(doing(input).begun).toBe(1);
}, 90_000);

test('one that ended while nobody heard it is not done again, and its outcome counts', async () => {
  worker = await startGatedWorker(rig, { run, desk: { contactLostMs: 60_000 } });
  const input = await begin({ retry_on_worker_loss: true });
  await worker.gate.hold();
  doing(input).finish();
  await until('Temporal asks its worker for it', async () => (await pendingTypes(input)).includes('everstorm.ask'));
  await worker.gate.open();
  expect(await end(input)).toMatchObject({ status: 'succeeded', result: { done: true } });
  expect(doing(input).begun).toBe(1);
}, 90_000);

test('one that is cut off for good is stopped before anyone calls it abandoned', async () => {
  worker = await startGatedWorker(rig, { run });
  const input = await begin();
  await worker.gate.hold();
  const since = Date.now();
  expect(await end(input)).toMatchObject({ status: 'abandoned' });
  expect(Date.now() - since).toBeLessThan(15_000);
  expect(doing(input).stoppedAt).toBeLessThan(Date.now());
  expect(doing(input).stoppedAt).toBeGreaterThan(since);
}, 90_000);

test('a cancellation stops one that was adopted', async () => {
  worker = await startGatedWorker(rig, { run, desk: { contactLostMs: 60_000 } });
  const input = await begin();
  await worker.gate.hold();
  await until('Temporal asks its worker for it', async () => (await pendingTypes(input)).includes('everstorm.ask'));
  await worker.gate.open();
  await until('the worker has taken it up', async () => (await pendingTypes(input)).includes('everstorm.adopt'));
  await rig.temporal.executions.cancel(input.executionId, 'boss');
  expect(await end(input)).toMatchObject({ status: 'canceled' });
  expect(doing(input).stoppedAt).toBeDefined();
}, 90_000);

test('one whose run was terminated is stopped at once', async () => {
  worker = await startGatedWorker(rig, { run });
  const input = await begin();
  await rig.raw.client.workflow.getHandle(input.executionId).terminate('test');
  const since = Date.now();
  await until('it is stopped', () => doing(input).stoppedAt);
  expect(Date.now() - since).toBeLessThan(5_000);
}, 60_000);
