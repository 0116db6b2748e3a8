import { activityInfo, cancelled } from '@temporalio/activity';
import type { RunActionInput, RunActionResult } from '../../../activities/contract';
import { isCompleted } from '../../../src/model/statuses';
import { saveHistory } from '../../replay/save-history';
import { executionInput, startRig, until } from './support';
import type { Rig } from './support';

/** On its first attempt an action that never tells it is alive: what Temporal sees of a worker that died. */
async function silentAtFirst(_input: RunActionInput): Promise<RunActionResult> {
  if (activityInfo().attempt === 1) await cancelled();
  return { status: 'succeeded', result: { attempt: activityInfo().attempt } };
}

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ run: () => Promise.reject(new Error('not used')) }, undefined, { default: silentAtFirst });
}, 120_000);
afterAll(() => rig?.stop(), 30_000);

test('an action whose worker is lost is known as abandoned within 15 s, and runs again only if it says so', async () => {
  const once = executionInput();
  const again = executionInput();
  again.action.retry_on_worker_loss = true;
  const startedAt = Date.now();
  await Promise.all([rig.temporal.executions.start(once), rig.temporal.executions.start(again)]);
  const ended = (id: string) =>
    until('end', async () => {
      const state = await rig.temporal.executions.get(id);
      return state && isCompleted(state.status) && state;
    });
  const lost = await ended(once.executionId);
  expect(Date.now() - startedAt).toBeLessThan(15_000);
  expect(lost).toMatchObject({ status: 'abandoned', result: { error: expect.any(String) } });
  expect(await ended(again.executionId)).toMatchObject({ status: 'succeeded', result: { attempt: 2 } });
  expect(rig.logs.of(once.executionId).at(-1)?.status).toBe('abandoned');
  const historyOf = (id: string) => rig.raw.client.workflow.getHandle(id).fetchHistory();
  await saveHistory('abandoned', await historyOf(once.executionId));
  await saveHistory('run-again', await historyOf(again.executionId));
}, 40_000);
