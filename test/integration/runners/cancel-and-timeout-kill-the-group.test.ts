import { createActionRunners } from '../../../activities/runners/registry';
import type { ActionRunners } from '../../../activities/runners/contract';
import { inheritable } from '../../../activities/runners/shell/environment';
import { createSupervisor } from '../../../activities/supervisor/client';
import type { Supervisor } from '../../../activities/supervisor/client';
import { runInput } from '../../helpers/run-input';
import { compileSupervisor } from '../../helpers/supervisor-script';
import { processesWith, uniqueSleep, until } from './processes';

describe('cancel and time-out end the whole process group', () => {
  let supervisor: Supervisor;
  let runners: ActionRunners;
  beforeAll(() => {
    supervisor = createSupervisor({ script: compileSupervisor() });
    runners = createActionRunners({
      supervisor,
      apiUrl: 'http://127.0.0.1:1/api',
      baseEnv: inheritable(process.env),
    });
  });
  afterAll(() => supervisor.close());

  const shell = (cmd: string, timeout = 60) => runInput({ cmd, timeout }, { runner: 'local-shell-cmd' });

  it.each([
    ['polite', (mark: string) => `(sleep ${mark}; true) & sleep ${mark}`],
    ['ignoring SIGTERM', (mark: string) => `trap "" TERM; (trap "" TERM; sleep ${mark}; true) & sleep ${mark}`],
    ['grandchildren without pipes', (mark: string) => `(trap "" TERM; sleep ${mark}) >/dev/null 2>&1 & sleep ${mark}`],
  ])('cancel, %s: gone within 3 s, result as in StackStorm', async (_name, line) => {
    const mark = uniqueSleep();
    const abort = new AbortController();
    const running = runners.run(shell(line(mark)), { signal: abort.signal });
    await until('it runs', () => processesWith(`sleep\0${mark}\0`).length === 2, 10_000);
    const asked = Date.now();
    abort.abort();
    expect(await running).toEqual({
      status: 'canceled',
      result: { message: 'Action canceled by user.', user: 'stanley' },
    });
    await until('no process is left', () => processesWith(mark).length === 0, 3_000 - (Date.now() - asked));
  });

  it('time-out: the group is gone, what was printed before is kept', async () => {
    const mark = uniqueSleep();
    const outcome = await runners.run(shell(`echo before; (sleep ${mark}; true) & sleep ${mark}`, 1), {
      signal: new AbortController().signal,
    });
    expect(outcome).toMatchObject({
      status: 'timeout',
      result: { return_code: -9, stdout: 'before', error: 'Action failed to complete in 1 seconds' },
    });
    expect(processesWith(mark)).toEqual([]);
  });

  it('a child that left the group and keeps the pipes does not hold the time-out up', async () => {
    const mark = uniqueSleep();
    const begun = Date.now();
    try {
      const outcome = await runners.run(shell(`setsid sleep ${mark} & sleep ${mark}`, 1), {
        signal: new AbortController().signal,
      });
      expect(outcome.status).toBe('timeout');
      expect(Date.now() - begun).toBeLessThan(5_000);
    } finally {
      processesWith(mark).forEach((pid) => process.kill(pid, 'SIGKILL'));
    }
  });

  it('an execution cancelled before it began starts nothing', async () => {
    const mark = uniqueSleep();
    const outcome = await runners.run(shell(`sleep ${mark}`), { signal: AbortSignal.abort() });
    expect(outcome.status).toBe('canceled');
    expect(processesWith(mark)).toEqual([]);
  });

  it('closing the supervisor ends what runs and refuses new runs', async () => {
    const own = createSupervisor({ script: compileSupervisor() });
    const command = { file: '/bin/bash', env: { PATH: '/usr/bin:/bin' }, timeoutMs: 60_000, outputLimit: 10 };
    const mark = uniqueSleep();
    const running = own.run({ ...command, args: ['-c', `sleep ${mark}; true`] }, new AbortController().signal);
    await until('it runs', () => processesWith(`sleep\0${mark}\0`).length === 1, 10_000);
    await own.close();
    expect((await running).ending).toBe('lost');
    await until('no process is left', () => processesWith(mark).length === 0, 3_000);
    await expect(own.run({ ...command, args: [] }, new AbortController().signal)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });
});
