import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../helpers/dev-process';
import { get, post } from '../platform/api';
import type { Execution } from '../platform/api';
import { allReady, kill9, newCluster } from './cluster';
import type { ClusterState } from './cluster';

/** How long a server stays away once everybody noticed. */
const AWAY_MS = 15_000;
const TICKS_PER_SECOND = 100; // of /proc, on every Linux that Node runs on
/** Of one processor, for a role that waits. */
const IDLE_SHARE = 0.25;

const ALERT = JSON.stringify({
  trigger: 'demo.alert',
  payload: { host: 'web1', severity: 'critical', summary: 'a server is away' },
});
const EXECUTION = JSON.stringify({ action: 'core.local', parameters: { cmd: 'true' } });

/** What a door says while a server is away: the webhook's, and the API's for executions. */
const DOORS: [string, { webhook: number; execution: number }][] = [
  ['temporal', { webhook: 202, execution: 503 }],
  ['kafka', { webhook: 503, execution: 201 }],
  ['postgres', { webhook: 503, execution: 503 }],
];

/** Seconds of processor time that a process has used. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

describe('a server that is away', () => {
  const cluster = newCluster();
  let up: ClusterState;
  beforeAll(async () => {
    up = await cluster.succeed('up');
  }, 400_000);
  afterAll(() => cluster.dispose(), 300_000);

  const answer = async (path: string, body: string) => {
    const headers = { 'content-type': 'application/json' };
    const options = { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) };
    const response = await fetch(`${up.apiUrl}/api/v1${path}`, options);
    await response.arrayBuffer();
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  };
  const roles = () => cluster.state().members.filter(({ operationsPort }) => operationsPort !== null);
  const used = () => roles().map(({ name, pid }) => ({ name, seconds: pid === null ? NaN : cpuSeconds(pid) }));

  it.each(DOORS)(
    'is named by readiness, spins nobody, is told by the doors, and all goes on afterwards: %s',
    async (server, expected) => {
      await cluster.run('hold', server);
      kill9(cluster, server);
      const name = server === 'postgres' ? 'database' : server;
      await eventually(`the api names ${name}`, async () => {
        const response = await fetch(`${up.apiUrl}/readyz`, { signal: AbortSignal.timeout(5_000) });
        const { missing = [] } = (await response.json()) as { missing?: { name: string }[] };
        return response.status === 503 && missing.some((one) => one.name === name);
      });

      const before = used();
      await pause(AWAY_MS);
      const spent = used().map(({ seconds, ...who }, i) => ({ ...who, seconds: seconds - (before[i]?.seconds ?? 0) }));
      expect(spent.filter(({ seconds }) => !(seconds < (AWAY_MS / 1_000) * IDLE_SHARE))).toEqual([]);

      const told = { webhook: await answer('/webhooks/st2', ALERT), execution: await answer('/executions', EXECUTION) };
      expect({ webhook: told.webhook.status, execution: told.execution.status }).toEqual(expected);
      for (const { status, retryAfter } of Object.values(told)) if (status === 503) expect(retryAfter).toBe('5');

      await cluster.run('release', server);
      await allReady(cluster);
      const { status, text } = await post(up.apiUrl, '/executions', { body: EXECUTION });
      expect(status).toBe(201);
      const { id } = JSON.parse(text) as Execution;
      await eventually(
        'an execution succeeds',
        async () => (await get<Execution>(up.apiUrl, `/executions/${id}`)).status === 'succeeded',
        60_000,
      );
    },
    240_000,
  );
});
