import { activityInfo, cancelled, heartbeat } from '@temporalio/activity';
import type { RunActionInput, RunActionResult } from '../../../activities/contract';
import type { ExecutionInput } from '../../../src/model/execution';
import { isCompleted } from '../../../src/model/statuses';
import type { ExecutionState } from '../../../src/ports/executions';
import { saveHistory } from '../../replay/save-history';
import { executionInput, startRig, until } from './support';
import type { Rig } from './support';

/** Runs of each execution, counted from 1. */
const runs = new Map<string, number>();

/** In its first run an action whose worker falls silent: before the start was confirmed, or after it. */
async function silentAtFirst({ executionId, actionParameters }: RunActionInput): Promise<RunActionResult> {
  const run = (runs.get(executionId) ?? 0) + 1;
  runs.set(executionId, run);
  if (run === 1) {
    if (actionParameters['word'] === 'begun') heartbeat({ workerQueue: 'of-a-dead-process', at: Date.now() });
    await cancelled();
  }
  return { status: 'succeeded', result: { run, attempt: activityInfo().attempt } };
}

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ run: () => Promise.reject(new Error('not used')) }, undefined, { default: silentAtFirst });
}, 120_000);
afterAll(() => rig?.stop(), 30_000);

const start = async (word: string, again = false): Promise<ExecutionInput> => {
  const input = executionInput({ parameters: { word } });
  if (again) input.action.retry_on_worker_loss = true;
  await rig.temporal.executions.start(input);
  return input;
};
const ended = ({ executionId }: ExecutionInput): Promise<ExecutionState> =>
  until(
    'end',
    async () => {
      const state = await rig.temporal.executions.get(executionId);
      return state && isCompleted(state.status) && state;
    },
    30_000,
  );

test('an action whose worker is lost is known as abandoned within 15 s, and runs again only if it says so', async () => {
  const startedAt = Date.now();
  const [once, again] = await Promise.all([start('begun'), start('begun', true)]);
  const lost = await ended(once);
  expect(Date.now() - startedAt).toBeLessThan(15_000);
  expect(lost).toMatchObject({ status: 'abandoned', result: { error: expect.any(String) } });
  expect(runs.get(once.executionId)).toBe(1);
  expect(await ended(again)).toMatchObject({ status: 'succeeded', result: { run: 2 } });
  await until('the loss is told', () => rig.logs.of(once.executionId).at(-1)?.status === 'abandoned');
  const historyOf = (id: string) => rig.raw.client.workflow.getHandle(id).fetchHistory();
  await saveHistory('abandoned', await historyOf(once.executionId));
  await saveHistory('run-again', await historyOf(again.executionId));
}, 60_000);

test('an action that was not begun when its worker was lost runs again, whatever its metadata says', async () => {
  const input = await start('unheard');
  const state = await ended(input);
  expect(state).toMatchObject({ status: 'succeeded', result: { run: 2 } });
  expect(state.log.map(({ status }) => status)).toEqual(['requested', 'scheduled', 'running', 'succeeded']);
}, 60_000);
