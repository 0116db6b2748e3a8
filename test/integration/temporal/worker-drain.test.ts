import type { RunActionInput } from '../../../activities/contract';
import type { RunControl } from '../../../activities/runners/contract';
import type { ExecutionInput, ExecutionOutcome } from '../../../src/model/execution';
import { isCompleted } from '../../../src/model/statuses';
import { executionInput, startRig, until } from './support';
import type { Rig } from './support';
import { startGatedWorker } from './worker-behind-a-gate';

const gates = new Map<string, () => void>();
const stopped: string[] = [];
const runs: string[] = [];

function run({ executionId }: RunActionInput, { signal }: RunControl): Promise<ExecutionOutcome> {
  runs.push(executionId);
  return new Promise((resolve) => {
    gates.set(executionId, () =>
      resolve({ status: 'succeeded', result: runs.filter((id) => id === executionId).length }),
    );
    signal.addEventListener('abort', () => {
      stopped.push(executionId);
      resolve({ status: 'canceled', result: null });
    });
  });
}

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({ run: () => Promise.reject(new Error('not used')) }, undefined, { actionSlots: 0 });
}, 120_000);
afterEach(() => rig.stop(), 30_000);

async function begin(overrides: Partial<ExecutionInput['action']> = {}): Promise<ExecutionInput> {
  const input = executionInput();
  Object.assign(input.action, overrides);
  await rig.temporal.executions.start(input);
  await until('the action has begun', () => gates.has(input.executionId));
  return input;
}
const end = ({ executionId }: ExecutionInput) =>
  until('end', async () => {
    const state = await rig.temporal.executions.get(executionId);
    return state && isCompleted(state.status) && state;
  });

test('a worker that is asked to stop lets its actions end', async () => {
  const worker = await startGatedWorker(rig, { run, drainMs: 30_000 });
  const input = await begin();
  const drained = worker.drain();
  gates.get(input.executionId)?.();
  await drained;
  expect(await end(input)).toMatchObject({ status: 'succeeded', result: 1 });
  expect(stopped).toEqual([]);
}, 60_000);

test('what takes longer than the drain time is stopped: abandoned, or run again elsewhere if it says so', async () => {
  const first = await startGatedWorker(rig, { run, drainMs: 1_000 });
  const once = await begin();
  const again = await begin({ retry_on_worker_loss: true });
  await first.drain();
  expect(stopped.sort()).toEqual([once.executionId, again.executionId].sort());
  expect(await end(once)).toMatchObject({ status: 'abandoned' });
  const second = await startGatedWorker(rig, { run });
  await until('it runs again', () => runs.filter((id) => id === again.executionId).length === 2);
  gates.get(again.executionId)?.();
  expect(await end(again)).toMatchObject({ status: 'succeeded', result: 2 });
  await second.drain();
}, 60_000);
