import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { compileProgram, compileSupervisor } from '../../helpers/supervisor-script';
import { processesWith, uniqueSleep, until } from './processes';

const LEASE_MS = 2_000;
const supervisorScript = compileSupervisor();
const workerScript = compileProgram(join(__dirname, 'worker-program.ts'));

/** Starts a worker whose action has a child in the foreground, one in the background, and one that ignores SIGTERM. */
async function workerWithAction(): Promise<{ worker: ChildProcess; mark: string; output: () => string }> {
  const mark = uniqueSleep();
  const line = `sleep ${mark} & (trap "" TERM; sleep ${mark} >/dev/null 2>&1) & sleep ${mark}`;
  const worker = spawn(process.execPath, [workerScript, supervisorScript, String(LEASE_MS), line], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  worker.stdout.on('data', (data: Buffer) => (output += data.toString()));
  // `sleep` itself (3 of them), the worker's own command line and the shells'.
  await until('the action runs', () => sleeps(mark).length === 3, 15_000);
  return { worker, mark, output: () => output };
}

const sleeps = (mark: string): number[] => processesWith(`sleep\0${mark}\0`);

describe('no process outlives its worker', () => {
  let worker: ChildProcess | undefined;
  afterEach(() => worker?.kill('SIGKILL'));

  it('kill -9 of the worker ends the whole group', async () => {
    const started = await workerWithAction();
    worker = started.worker;
    worker.kill('SIGKILL');
    await until('no action process is left', () => processesWith(started.mark).length === 0, 3_000);
  });

  it('a worker stopped for longer than its lease loses its actions, and says so when it goes on', async () => {
    const started = await workerWithAction();
    worker = started.worker;
    worker.kill('SIGSTOP');
    await until('no action process is left', () => sleeps(started.mark).length === 0, LEASE_MS + 5_000);
    worker.kill('SIGCONT');
    await until('the worker knows', () => started.output().includes('ending:lost'), 5_000);
  });

  it('a worker that renews keeps its actions for longer than the lease', async () => {
    const started = await workerWithAction();
    worker = started.worker;
    const begun = Date.now();
    await until('the lease is over', () => Date.now() - begun > LEASE_MS * 2, LEASE_MS * 3);
    expect(sleeps(started.mark)).toHaveLength(3);
  });

  it('kill -9 of the supervisor ends its groups as well', async () => {
    const started = await workerWithAction();
    worker = started.worker;
    const [supervisor] = processesWith(`${supervisorScript}\0${LEASE_MS}\0`).filter(
      (pid) => pid !== started.worker.pid && !processesWith(workerScript).includes(pid),
    );
    process.kill(supervisor ?? 0, 'SIGKILL');
    await until('no action process is left', () => sleeps(started.mark).length === 0, 3_000);
    await until('the worker knows', () => started.output().includes('ending:lost'), 3_000);
  });
});
