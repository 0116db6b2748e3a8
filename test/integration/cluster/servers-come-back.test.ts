import { ExecutionStatus } from '../../../src/model/statuses';
import { eventually } from '../../helpers/dev-process';
import { get, post } from '../platform/api';
import type { Execution } from '../platform/api';
import { allReady, kill9, newCluster } from './cluster';
import type { ClusterState } from './cluster';

const ONLY_WHAT_EXECUTES = ['--audit', '0', '--rules', '0', '--sensors', '0'];

describe('a cluster with Temporal on Postgres', () => {
  const cluster = newCluster();
  let up: ClusterState;
  beforeAll(async () => {
    up = await cluster.succeed('up', ...ONLY_WHAT_EXECUTES);
  }, 400_000);
  afterAll(() => cluster.dispose(), 300_000);

  async function execute(parameters: object): Promise<string> {
    const body = JSON.stringify({ action: 'core.local', parameters });
    const { status, text } = await post(up.apiUrl, '/executions', { body });
    if (status !== 201) throw new Error(`${status} ${text}`);
    return (JSON.parse(text) as Execution).id;
  }
  const succeeds = (id: string): Promise<void> =>
    eventually(
      `execution ${id} succeeds`,
      async () => (await get<Execution>(up.apiUrl, `/executions/${id}`)).status === ExecutionStatus.succeeded,
      60_000,
    );

  it.each(['temporal', 'postgres', 'kafka'])(
    'finishes what runs while %s is killed, and starts new executions afterwards',
    async (server) => {
      const running = await execute({ cmd: 'sleep 2' });
      const killed = kill9(cluster, server);
      await eventually(`${server} comes back`, () => ![null, killed].includes(cluster.member(server).pid), 60_000);
      await allReady(cluster);
      await succeeds(running);
      await succeeds(await execute({ cmd: 'true' }));
    },
    240_000,
  );

  it('says what is missing while Temporal is held down', async () => {
    await cluster.run('hold', 'temporal');
    kill9(cluster, 'temporal');
    await eventually('the worker names Temporal', async () => {
      const { code, stdout } = await cluster.run('status');
      const members = (JSON.parse(stdout) as ClusterState).members;
      return code === 1 && (members.find(({ name }) => name === 'worker-1')?.missing?.startsWith('temporal') ?? false);
    });
    expect(cluster.member('temporal').state).toBe('held');
    await cluster.run('release', 'temporal');
    await allReady(cluster);
  }, 240_000);

  it('restarts roles one after the other, with other variables, under the same ports', async () => {
    const before = cluster.state();
    await cluster.succeed('restart', 'worker', 'api', '--env', 'EVERSTORM_LOG_LEVEL=warn');
    const after = cluster.state();
    const roles = after.members.filter(({ operationsPort }) => operationsPort !== null);
    expect(roles.map(({ ports }) => ports)).toEqual(
      before.members.filter(({ operationsPort }) => operationsPort !== null).map(({ ports }) => ports),
    );
    for (const { name, pid } of roles) expect(pid).not.toBe(before.members.find((one) => one.name === name)?.pid);
    await succeeds(await execute({ cmd: 'true' }));
  }, 240_000);

  it('leaves no process and no port when it is taken down', async () => {
    expect((await cluster.run('down')).code).toBe(0);
    expect(cluster.processes()).toEqual([]);
    expect(await cluster.openPorts()).toEqual([]);
    expect(cluster.state()).toMatchObject({ phase: 'down', keeper: null });
  }, 200_000);
});
