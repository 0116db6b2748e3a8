import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../../helpers/dev-process';
import { post } from '../platform/api';

const SCRIPT = resolve(__dirname, '../../../scripts/cluster.mjs');
const COMMAND_MS = 400_000;

export interface Member {
  name: string;
  kind: string;
  pid: number | null;
  port: number | null;
  ports: Record<string, number>;
  operationsPort: number | null;
  restarts: number;
  state: string;
  /** Only in the answers of `up`, `status`, `restart`, `hold` and `release`. */
  ready?: boolean;
  missing?: string;
}
export interface ClusterState {
  phase: string;
  keeper: { pid: number } | null;
  apiUrl: string;
  members: Member[];
}
export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** A cluster of the tests, driven by its command line as people drive it, in a home of its own. */
export interface Cluster {
  /** Runs a command; resolves however it ends. */
  run(...words: string[]): Promise<Answer>;
  /** Runs one that must end with exit code 0, and parses its answer. */
  succeed(...words: string[]): Promise<ClusterState>;
  /** cluster.json as it is now. */
  state(): ClusterState;
  member(name: string): Member;
  /** Living processes that carry the home's mark. */
  processes(): number[];
  /** Those of its ports that somebody listens at. */
  openPorts(): Promise<number[]>;
  /** Ends it, whatever became of it, and removes the home. */
  dispose(): Promise<void>;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

/** Of the ports that the system gives to nobody by itself, so that a killed api finds its port free. */
async function apiPort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

const runScript = (words: string[]): Promise<Answer> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      [SCRIPT, ...words],
      { timeout: COMMAND_MS, maxBuffer: 10_000_000 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        done({ code, stdout, stderr });
      },
    );
  });

function marked(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
        return environment.includes(`EVERSTORM_CLUSTER_HOME=${home}`);
      } catch {
        return false; // ended meanwhile
      }
    });
}

/** Nothing runs yet. */
export function newCluster(): Cluster {
  const home = mkdtempSync(join(tmpdir(), 'everstorm-cluster-'));
  let port: number | undefined;
  const run = async (...words: string[]): Promise<Answer> => {
    if (words[0] === 'up') words.push('--api-port', String((port ??= await apiPort())));
    return runScript([...words, '--home', home, '--json']);
  };
  const state = (): ClusterState => JSON.parse(readFileSync(join(home, 'cluster.json'), 'utf8')) as ClusterState;
  return {
    run,
    succeed: async (...words) => {
      const { code, stdout, stderr } = await run(...words);
      if (code !== 0) throw new Error(`cluster ${words.join(' ')} ended with ${code}: ${stdout} ${stderr}`);
      return JSON.parse(stdout) as ClusterState;
    },
    state,
    member: (name) => {
      const found = state().members.find((member) => member.name === name);
      if (!found) throw new Error(`no member ${name}`);
      return found;
    },
    processes: () => marked(home),
    openPorts: async () => {
      const ports = state().members.flatMap((member) => Object.values(member.ports));
      const free = await Promise.all(ports.map(isFree));
      return ports.filter((_port, i) => !free[i]);
    },
    dispose: async () => {
      await runScript(['down', '--home', home]);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

const saysReady = async ({ operationsPort }: Member): Promise<boolean> => {
  if (operationsPort === null) return true;
  const url = `http://127.0.0.1:${operationsPort}/readyz`;
  return fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
};

/** Resolves when the keeper has all running, each role says that it is ready, and so does `status`. */
export async function allReady(cluster: Cluster): Promise<void> {
  // Asked directly: a command each time would take the processor from those that start.
  const ready = async (): Promise<boolean> => {
    const { members } = cluster.state();
    if (members.some(({ state }) => state !== 'running')) return false;
    for (const member of members) if (!(await saysReady(member))) return false;
    return true;
  };
  await eventually('all are ready', ready, 120_000);
  await eventually('status says so', async () => (await cluster.run('status')).code === 0);
}

/** kill -9; answers which process it was. */
export function kill9(cluster: Cluster, name: string): number {
  const { pid } = cluster.member(name);
  if (pid === null) throw new Error(`${name} does not run`);
  process.kill(pid, 'SIGKILL');
  return pid;
}

/** An event by webhook that the demo pack's rule answers with demo.diagnose. */
export async function sendAlert(apiUrl: string, host: string): Promise<void> {
  const payload = { host, severity: 'critical', summary: 'a test of the cluster' };
  const { status, text } = await post(apiUrl, '/webhooks/st2', {
    body: JSON.stringify({ trigger: 'demo.alert', payload }),
  });
  if (status !== 202) throw new Error(`webhook: ${status} ${text}`);
}
