import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore } from '../../../src/adapters/postgres/create-store';
import { LOCAL_ACTION } from '../../helpers/audit-records';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

/** TypeScript in a plain Node process, compiled as Jest does. */
const LOADER = `
  const { transformFileSync } = require('@swc/core');
  require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }).code, file);
  require(process.argv[2]);
`;

describe('the embedded database of a process that is killed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'everstorm-pglite-crash-'));
  let child: ChildProcess;

  beforeAll(async () => {
    const script = join(__dirname, 'write-and-wait.ts');
    const args = ['-e', LOADER, '--', directory, script];
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = once(child.stdout as NodeJS.ReadableStream, 'data') as Promise<[Buffer]>;
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('the child ended early')));
    ended.catch(() => undefined);
    expect(String((await Promise.race([said, ended]))[0])).toContain('written');
  });
  afterAll(() => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  it('cannot be opened by a second process while the first lives', async () => {
    await expect(createStore({ directory })).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining(`in use by process ${child.pid}`) as string,
    });
  });

  it('opens after kill -9 with everything that was written', async () => {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    const store = await createStore({ directory });
    expect(await store.definitions.get('action', 'core.local')).toEqual(LOCAL_ACTION);
    await store.close();
  });
});
