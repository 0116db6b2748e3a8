import type { BackfillView } from '../../src/services/backfills';
import { eventually } from '../helpers/dev-process';
import { enforcementsOf, executionsOf, get, post } from '../integration/platform/api';
import { RULE, TRIGGER, makeRule, postJson } from '../integration/platform/past-events';
import { kill9, newCluster } from '../integration/cluster/cluster';
import type { ClusterState } from '../integration/cluster/cluster';

const SHAPE = ['--temporal', 'dev', '--worker', '1', '--rules', '2', '--audit', '1', '--api', '1', '--sensors', '1'];
const EVENTS = 150;
const since = new Date(Date.now() - 600_000).toISOString();

describe('a backfill in a cluster', () => {
  const cluster = newCluster();
  let up: ClusterState;
  beforeAll(async () => {
    up = await cluster.succeed('up', ...SHAPE);
    await makeRule(up, { enabled: false });
    for (let n = 0; n < EVENTS; n += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => send(n + i)));
  }, 400_000);
  afterAll(() => cluster.dispose(), 300_000);

  const send = async (n: number): Promise<void> => {
    const body = JSON.stringify({ trigger: TRIGGER, payload: { take: true, n } });
    const { status } = await post(up.apiUrl, '/webhooks/st2', { body, headers: { 'ce-id': `event-${n}` } });
    expect(status).toBe(202);
  };

  it('goes on when a rules role, the other one, and the worker are killed one after the other', async () => {
    const { id } = await postJson<BackfillView>(up, `/rules/${RULE}/backfills`, { from: since, rate: 15 });
    const view = (): Promise<BackfillView> => get<BackfillView>(up.apiUrl, `/backfills/${id}`);
    const known = async (): Promise<number> => (await enforcementsOf(up.apiUrl, RULE)).length;
    for (const [name, atLeast] of [
      ['rules-1', 10],
      ['rules-2', 50],
      ['worker-1', 90],
    ] as const) {
      await eventually(`${atLeast} are recorded`, async () => (await known()) >= atLeast, 90_000);
      kill9(cluster, name);
    }
    await eventually('it ends', async () => (await view()).status !== 'running', 120_000);
    expect(await view()).toMatchObject({
      status: 'succeeded',
      counts: { of_trigger: EVENTS, would_start: EVENTS },
      starts: { started: EVENTS, already_ran: 0, failed: 0 },
    });
    const listed = () => executionsOf(up.apiUrl, 'core.noop');
    // What the killed worker had not told of executions, the reconciler finds by their number, some minutes later.
    await eventually('all are listed', async () => (await listed()).length >= EVENTS, 200_000);
    const of = (await listed()).map(({ trigger_instance: instance }) => instance?.id);
    expect([of.length, new Set(of).size, await known()]).toEqual([EVENTS, EVENTS, EVENTS]);
  }, 480_000);
});
