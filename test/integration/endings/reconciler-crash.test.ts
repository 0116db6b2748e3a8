import { setTimeout as pause } from 'node:timers/promises';
import type { DebugPoint } from '../../../src/model/debug-points';
import { until } from '../temporal/support';
import { openWorld } from './world';
import type { World } from './world';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

/** Longer than a claim holds (world.ts), so that who comes after has taken over. */
const AFTER_LEASE_MS = 4_500;

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 900_000);
afterAll(() => world.close(), 60_000);

/** A reconciler that gets no further than the point; resolves when it got there. */
async function stuckAt(point: DebugPoint): Promise<void> {
  let reached = false;
  const dies = world.reconcile({
    debug: async (at) => {
      await Promise.resolve();
      if (at !== point) return;
      reached = true;
      throw new Error('the process dies here');
    },
  });
  await until(`a reconciler at ${point}`, () => (reached ? true : null));
  await dies.stop();
}

it.each<DebugPoint>(['before-telling', 'after-telling'])(
  'a reconciler that dies %s is taken over, and the end is told once',
  async (point) => {
    const id = await world.start('sleep 60');
    await world.shown(id, 'running');
    await world.temporalCli('workflow', 'terminate', '--workflow-id', id, '--reason', 'x');
    await stuckAt(point);
    if (point === 'after-telling') await until('its record', () => world.terminal(id)[0] ?? null);
    else expect(world.terminal(id)).toEqual([]);

    const others = [world.reconcile(), world.reconcile()];
    await until('the end', () => world.terminal(id)[0] ?? null);
    await pause(AFTER_LEASE_MS);
    expect(world.terminal(id)).toHaveLength(1);
    expect(await world.shown(id, 'abandoned')).toMatchObject({ id });
    await Promise.all(others.map((each) => each.stop()));
  },
  60_000,
);
