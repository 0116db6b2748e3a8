import { until } from '../temporal/support';
import { openWorld } from './world';
import type { World } from './world';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

/** An execution counts as unheard of after so long. */
const UNHEARD_MS = 500;

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 900_000);
afterAll(() => world.close(), 60_000);

test('an execution whose every record was lost with its worker is told from its history', async () => {
  const { platform } = world;
  const mark = (): Promise<number | null> => platform.store.platform.mark('executions-heard-of');
  const first = world.reconcile({ times: { unchanged: UNHEARD_MS } });
  await until('the reconciler to know from when on', mark);
  await first.stop();

  const ended = await world.start('echo heard');
  await world.shown(ended, 'succeeded');
  const open = await world.start('sleep 60');
  await world.shown(open, 'running');
  await platform.store.executions.clear(); // as if nothing had ever come

  world.reconcile({ times: { unchanged: UNHEARD_MS } });
  expect(await world.shown(ended, 'succeeded')).toMatchObject({
    action: { ref: 'core.local' },
    parameters: { cmd: 'echo heard' },
    result: { stdout: 'heard' },
  });
  await world.shown(open, 'running');
  expect(new Set(world.terminal(ended).map(({ id }) => id)).size).toBe(1);
}, 60_000);
