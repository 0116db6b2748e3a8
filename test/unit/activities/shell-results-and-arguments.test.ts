import { createActionRunners } from '../../../activities/runners/registry';
import { actionEnvironment, inheritable } from '../../../activities/runners/shell/environment';
import { quote, scriptArguments } from '../../../activities/runners/shell/arguments';
import { pyStr } from '../../../src/model/python-text';
import { shellOutcome } from '../../../activities/runners/shell/result';
import { createSupervisor } from '../../../activities/supervisor/client';
import type { CommandResult } from '../../../activities/supervisor/client';
import { localShellCmd } from '../../../activities/runners/shell/local-shell';
import { isJsonObject } from '../../../src/model/json';
import { runInput } from '../../helpers/run-input';
import { compileSupervisor } from '../../helpers/supervisor-script';

const ended = (over: Partial<CommandResult>): CommandResult => ({
  ending: 'exited',
  exitCode: 0,
  signal: null,
  stdout: '',
  stderr: '',
  dropped: { stdout: 0, stderr: 0 },
  ...over,
});
const limits = { timeoutSeconds: 60, outputLimit: 100 };
const stdoutOf = (stdout: string) => (shellOutcome(ended({ stdout }), limits).result as { stdout: unknown }).stdout;

describe('shell result', () => {
  it.each([
    ['{"a": [1]}\n', { a: [1] }],
    ['[1, 2]', [1, 2]],
    ['42\n', 42],
    ['12345678901234567890', '12345678901234567890'],
    ['{bad', '{bad'],
    ['two\n\n', 'two\n'],
    ['', ''],
  ])('stdout %j is stored as %j', (text, stored) => expect(stdoutOf(text)).toEqual(stored));

  it('a signal gives 128 + its number', () => {
    expect(shellOutcome(ended({ exitCode: null, signal: 'SIGTERM' }), limits)).toMatchObject({
      status: 'failed',
      result: { return_code: 143, stderr: 'Terminated' },
    });
  });

  it('a lapsed lease leaves the execution abandoned', () => {
    expect(shellOutcome(ended({ ending: 'lost', exitCode: null }), limits).status).toBe('abandoned');
  });
});

describe('script arguments', () => {
  const schemas = { p0: { position: 0 }, p1: { position: 1 }, p2: { position: 2 }, p3: { position: 3 } };
  it('writes positional values as StackStorm does', () => {
    const values = { p1: [1, 'b'], p0: true, p3: { k: 1 } };
    expect(scriptArguments({ schemas, values, operator: '--' })).toEqual(['1', '1,b', '', '{"k":1}']);
  });
  it('omits named values that are null, empty or false', () => {
    const values = { a: null, b: '', c: false, d: 0 };
    expect(scriptArguments({ schemas: {}, values, operator: '-' })).toEqual(['-d=0']);
  });
  it('prints values as Python does', () => {
    expect(pyStr({ a: ["it's", 'say "it\'s"\n', null, true] })).toBe(`{'a': ["it's", 'say "it\\'s"\\n', None, True]}`);
  });
  it('quotes for bash', () => expect(quote("a'b $x")).toBe("'a'\\''b $x'"));
});

describe('environment of actions', () => {
  it("has none of the platform's variables and no PYTHONPATH of the user", () => {
    const base = inheritable({ PATH: '/bin', EVERSTORM_CODEC_KEY: 'k', DATABASE_URL: 'd', PGPASSWORD: 'p', LANG: 'C' });
    expect(base).toEqual({ PATH: '/bin', LANG: 'C' });
    const input = runInput({ env: { PYTHONPATH: '/x', A: 1 } }, { runner: 'local-shell-cmd', ref: 'demo.check' });
    expect(actionEnvironment(input, { base, apiUrl: 'http://h/api' })).toMatchObject({
      A: '1',
      ST2_ACTION_PACK_NAME: 'demo',
      ST2_ACTION_API_URL: 'http://h/api/v1',
    });
    expect(actionEnvironment(input, { base, apiUrl: '' })).not.toHaveProperty('PYTHONPATH');
  });
});

describe('running', () => {
  const supervisor = createSupervisor({ script: compileSupervisor() });
  afterAll(() => supervisor.close());
  const options = { supervisor, apiUrl: '', base: inheritable(process.env) };
  const control = { signal: new AbortController().signal, heartbeat: () => undefined };

  it('cuts output at the limit with a mark, and the action goes on', async () => {
    const run = localShellCmd({ ...options, outputLimit: 1_000 });
    const { result, status } = await run(
      runInput({ cmd: 'head -c 3000000 /dev/zero | tr "\\0" x; echo done >&2' }, { runner: 'local-shell-cmd' }),
      control,
    );
    expect(status).toBe('succeeded');
    if (!isJsonObject(result)) throw new Error('no object');
    expect(result['stdout']).toBe(
      `${'x'.repeat(1_000)}\n[everstorm: cut here after 1000 bytes; 2999000 more were dropped]`,
    );
    expect(result['stderr']).toBe('done');
  });

  const runners = createActionRunners(options);
  it.each([
    [
      'an unknown runner',
      runInput({}, { runner: 'winrm-cmd' }),
      /^Runner "winrm-cmd" is not available in this version/,
    ],
    ['a missing directory', runInput({ cmd: 'true', cwd: '/nonexistent' }, { runner: 'local-shell-cmd' }), /ENOENT/],
    ['a missing script', runInput({}, { runner: 'local-shell-script', entryPoint: 'no.sh' }), /does not exist/],
    [
      'a script outside the pack',
      runInput({}, { runner: 'local-shell-script', entryPoint: '../../etc/passwd' }),
      /outside its pack/,
    ],
    ['no URL', runInput({ url: 'nonsense' }, { runner: 'http-request' }), /expected an absolute/],
  ])('%s is a failed outcome with error and traceback', async (_name, input, error) => {
    expect(await runners.run(input, control)).toEqual({
      status: 'failed',
      result: { error: expect.stringMatching(error) as unknown, traceback: expect.any(String) as unknown },
    });
  });
});
