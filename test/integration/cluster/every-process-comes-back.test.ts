import { eventually } from '../../helpers/dev-process';
import { executionsOf } from '../platform/api';
import { allReady, kill9, newCluster, sendAlert } from './cluster';
import type { ClusterState } from './cluster';

const SHAPE = ['--temporal', 'dev', '--worker', '2', '--rules', '2', '--audit', '2', '--api', '1', '--sensors', '1'];
const SERVERS = ['kafka', 'postgres', 'temporal'];

describe('a cluster of separate processes', () => {
  const cluster = newCluster();
  let up: ClusterState;
  beforeAll(async () => {
    up = await cluster.succeed('up', ...SHAPE);
  }, 400_000);
  afterAll(() => cluster.dispose(), 300_000);

  const statuses = async (): Promise<string[]> =>
    (await executionsOf(up.apiUrl, 'demo.diagnose')).map(({ status }) => status);
  const becomes = (expected: string[]): Promise<void> =>
    eventually(`executions ${expected.join(', ')}`, async () => (await statuses()).join() === expected.join(), 60_000);
  const roles = (): string[] =>
    cluster
      .state()
      .members.filter(({ kind }) => !SERVERS.includes(kind))
      .map(({ name }) => name);

  it('has every process that was asked for, ready, on a port of its own', () => {
    const expected = 'api-1 audit-1 audit-2 kafka postgres rules-1 rules-2 sensors-1 temporal worker-1 worker-2';
    expect(up.members.map(({ name }) => name).sort()).toEqual(expected.split(' '));
    expect(up.members.map(({ missing }) => missing)).toEqual(up.members.map(() => ''));
    const ports = up.members.flatMap((member) => Object.values(member.ports));
    expect(new Set(ports).size).toBe(ports.length);
    expect(new Set(up.members.map(({ pid }) => pid)).size).toBe(up.members.length);
  });

  it('turns an event into exactly one execution', async () => {
    await sendAlert(up.apiUrl, 'web1');
    await becomes(['succeeded']);
  });

  it('tells the metrics of every role', async () => {
    for (const { operationsPort } of up.members.filter(({ kind }) => !SERVERS.includes(kind))) {
      const answer = await fetch(`http://127.0.0.1:${operationsPort}/metrics`);
      expect(await answer.text()).toContain('process_resident_memory_bytes ');
    }
  });

  it('starts every role process again that was killed, and works on', async () => {
    const killed = new Map(roles().map((name) => [name, kill9(cluster, name)]));
    await eventually(
      'all run again',
      () => [...killed].every(([name, pid]) => ![null, pid].includes(cluster.member(name).pid)),
      60_000,
    );
    await allReady(cluster);
    expect(roles().map((name) => cluster.member(name).restarts)).toEqual(roles().map(() => 1));
    await sendAlert(up.apiUrl, 'web2');
    await becomes(['succeeded', 'succeeded']);
  }, 200_000);

  it('goes on without its keeper, and a new keeper takes the same processes over', async () => {
    const before = cluster.state();
    process.kill(before.keeper?.pid ?? 0, 'SIGKILL');
    await eventually('the loss is told', async () => (await cluster.run('status')).stdout.includes('"phase": "lost"'));
    const after = await cluster.succeed('up', ...SHAPE);
    expect(after.keeper?.pid).not.toBe(before.keeper?.pid);
    expect(after.members.map(({ name, pid }) => [name, pid])).toEqual(
      before.members.map(({ name, pid }) => [name, pid]),
    );
  }, 120_000);

  it('leaves no process and no port when it is taken down, even if its keeper was killed', async () => {
    expect(await cluster.openPorts()).not.toEqual([]);
    process.kill(cluster.state().keeper?.pid ?? 0, 'SIGKILL');
    expect((await cluster.run('down')).code).toBe(0);
    expect(cluster.processes()).toEqual([]);
    expect(await cluster.openPorts()).toEqual([]);
  }, 200_000);
});
