import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../temporal/support';
import { openWorld } from './world';
import type { World } from './world';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

/** Several cycles of the reconcilers, in which a second record would come if one came. */
const CYCLES_MS = 2_500;

/** A worker learns of it by its next heartbeat; then the action has a second to end. */
const KNOWN_WITHIN_MS = 10_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.reconcile();
  world.reconcile();
}, 900_000);
afterAll(() => world.close(), 60_000);

/** The one terminal record of an execution, which stays the only one. */
async function theOnlyEnd(id: string) {
  const end = await until(`an end of ${id}`, () => world.terminal(id)[0] ?? null);
  await pause(CYCLES_MS);
  expect(world.terminal(id)).toEqual([end]);
  return end;
}

async function running(cmd = 'sleep 60'): Promise<string> {
  const id = await world.start(cmd);
  await world.shown(id, 'running');
  return id;
}

describe('with two reconcilers at once', () => {
  it('`temporal workflow terminate` gives one terminal record, which says who and why', async () => {
    const id = await running();
    await world.temporalCli('workflow', 'terminate', '--workflow-id', id, '--reason', 'host is gone');
    const end = await theOnlyEnd(id);
    expect(end).toMatchObject({ status: 'abandoned', result: { reason: 'host is gone' } });
    expect(await world.shown(id, 'abandoned')).toMatchObject({ result: { reason: 'host is gone' } });
  }, 120_000);

  it('`tctl workflow terminate` gives one terminal record', async () => {
    const id = await running();
    await world.tctl('workflow', 'terminate', '--workflow_id', id, '--reason', 'by hand');
    expect(await theOnlyEnd(id)).toMatchObject({ status: 'abandoned', result: { reason: 'by hand' } });
  }, 120_000);

  it('the action of a terminated execution is ended with it', async () => {
    const id = await running('sleep 61.0417');
    await world.temporalCli('workflow', 'terminate', '--workflow-id', id, '--reason', 'x');
    await theOnlyEnd(id);
    const alive = (): boolean => spawnSync('pgrep', ['-f', 'sleep 61.0417']).status === 0;
    await until('the end of the action', () => !alive() || null, KNOWN_WITHIN_MS);
  }, 120_000);

  it('a run that told its end itself gets no second one', async () => {
    const id = await world.start('true');
    await world.shown(id, 'succeeded');
    expect(await theOnlyEnd(id)).toMatchObject({ status: 'succeeded' });
  }, 120_000);

  it('a reset of an ended execution is told, runs again and ends once more, each run with one end', async () => {
    const id = await world.start('true');
    await world.shown(id, 'succeeded');
    const first = world.terminal(id);
    await world.temporalCli('workflow', 'reset', '--workflow-id', id, '--event-id', '4', '--reason', 'again');
    const ends = await until('two ends', () => (world.terminal(id).length >= 2 ? world.terminal(id) : null));
    await pause(CYCLES_MS);
    expect(world.terminal(id)).toHaveLength(2);
    expect(first).toHaveLength(1);
    expect(new Set(ends.map(({ runId }) => runId)).size).toBe(2);
    await world.shown(id, 'succeeded');
  }, 120_000);

  it('a reset of a running execution ends the former run silently and the new one once', async () => {
    const id = await running('sleep 4');
    await world.temporalCli('workflow', 'reset', '--workflow-id', id, '--event-id', '4', '--reason', 'again');
    const end = await theOnlyEnd(id);
    expect(end.status).toBe('succeeded');
    await world.shown(id, 'succeeded');
  }, 120_000);
});
