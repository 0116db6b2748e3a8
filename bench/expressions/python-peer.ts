import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../src/bin/project-root';
import { CONTEXT, TEMPLATES, YAQL } from './cases';

const VERSIONS = ['jinja2==3.1.6', 'yaql==3.2.0'];
const FOLDER = join(
  process.env['EVERSTORM_CACHE'] ?? join(homedir(), '.cache/everstorm'),
  'bench-python',
  VERSIONS.join('-'),
);
const INSTALLED_WITHIN_MS = 300_000;
const ANSWERED_WITHIN_MS = 60_000;

export type PythonEngine = 'jinja2' | 'yaql';

/** Python's own engines, in a process that lives as long as the benchmark. */
export interface PythonPeer {
  /** How often a second it goes through all cases, measured for this long. */
  rate(engine: PythonEngine, kind: 'compiled' | 'first', milliseconds: number): Promise<number>;
  close(): void;
}

/** Installs Jinja2 and yaql (once; pip) and starts them. Throws when Python or the registry can't be had. */
export async function startPython(say: (line: string) => void): Promise<PythonPeer> {
  const python = join(FOLDER, 'bin/python');
  if (!existsSync(join(FOLDER, 'ready'))) {
    say(`bench: installing ${VERSIONS.join(' and ')} for comparison (once) …`);
    await mkdir(dirname(FOLDER), { recursive: true });
    await execute('python3', ['-m', 'venv', '--clear', FOLDER]);
    await execute(python, ['-m', 'pip', 'install', '--quiet', ...VERSIONS]);
    await execute(python, ['-c', `open(${JSON.stringify(join(FOLDER, 'ready'))}, 'w')`]);
  }
  const child = spawn(python, [join(PROJECT_ROOT, 'bench/expressions/peer.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify({ context: CONTEXT, templates: TEMPLATES, yaql: YAQL })}\n`);
  const answer = async (): Promise<number> => {
    const timer = setTimeout(() => child.kill(), ANSWERED_WITHIN_MS);
    const { value, done } = await lines.next();
    clearTimeout(timer);
    if (done) throw new Error('the Python side of the benchmark ended');
    return Number(value);
  };
  return {
    rate: (engine, kind, milliseconds) => {
      child.stdin.write(`${engine} ${kind} ${milliseconds}\n`);
      return answer();
    },
    close: () => void child.kill(),
  };
}

const execute = (command: string, args: string[]): Promise<unknown> =>
  promisify(execFile)(command, args, { timeout: INSTALLED_WITHIN_MS });
