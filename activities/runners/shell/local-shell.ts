import { access, chmod, constants, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { EverstormError } from '../../../src/model/errors';
import type { JsonValue } from '../../../src/model/json';
import type { RunActionInput } from '../../contract';
import type { Supervisor } from '../../supervisor/client';
import type { Runner } from '../runner';
import { quote, scriptArguments } from './arguments';
import { actionEnvironment } from './environment';
import type { EnvironmentSources } from './environment';
import { shellOutcome } from './result';

const DEFAULT_TIMEOUT_SECONDS = 60;
const DEFAULT_OPERATOR = '--';
/** Bytes kept of each of stdout and stderr. */
export const OUTPUT_LIMIT = 10 * 1024 * 1024;
/** setTimeout overflows beyond this and would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

export interface LocalShellOptions extends EnvironmentSources {
  supervisor: Supervisor;
  /** Bytes kept of each stream; default 10 MiB. */
  outputLimit?: number;
}

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** bash, by itself or through sudo; the sudo password goes over standard input, where no process list shows it. */
function shellCommand(
  run: RunActionInput,
  line: string,
): { file: string; argv0?: string; args: string[]; stdin?: string } {
  const { sudo, sudo_password: password } = run.runnerParameters;
  if (sudo !== true) return { file: '/bin/bash', argv0: 'bash', args: ['-c', line] };
  const words = ['-E', '--', 'bash', '-c', line];
  const given = text(password);
  return given === undefined
    ? { file: 'sudo', args: words }
    : { file: 'sudo', args: ['-S', ...words], stdin: `${given}\n` };
}

async function runLine(line: string, run: RunActionInput, options: LocalShellOptions & { signal: AbortSignal }) {
  const { timeout, cwd } = run.runnerParameters;
  const timeoutSeconds = typeof timeout === 'number' && timeout > 0 ? timeout : DEFAULT_TIMEOUT_SECONDS;
  const outputLimit = options.outputLimit ?? OUTPUT_LIMIT;
  const directory = text(cwd);
  const ended = await options.supervisor.run(
    {
      ...shellCommand(run, line),
      ...(directory === undefined ? {} : { cwd: directory }),
      env: actionEnvironment(run, options),
      timeoutMs: Math.min(timeoutSeconds * 1000, LONGEST_MS),
      outputLimit,
    },
    options.signal,
  );
  return shellOutcome(ended, { timeoutSeconds, outputLimit });
}

/** `local-shell-cmd`: the `cmd` parameter as a line of bash, as in StackStorm. */
export function localShellCmd(options: LocalShellOptions): Runner {
  return (run, { signal }) => {
    const { cmd } = run.runnerParameters;
    return runLine(typeof cmd === 'string' ? cmd : '', run, { ...options, signal });
  };
}

/** The action's file; it must lie under the pack's actions directory, whatever the metadata says. */
function entryPath({ input }: RunActionInput): string {
  const directory = resolve(input.packPath, 'actions');
  const path = resolve(directory, input.action.entry_point);
  if (!path.startsWith(directory + sep)) {
    throw new EverstormError('INVALID_DEFINITION', `the entry point of ${input.action.ref} is outside its pack`);
  }
  return path;
}

/** Makes the script executable as StackStorm does; where that is not ours to do, bash says what is wrong. */
async function makeExecutable(path: string): Promise<void> {
  const file = await stat(path).catch(() => null);
  if (file === null) throw new EverstormError('NOT_FOUND', 'the script of the action does not exist');
  await access(path, constants.X_OK)
    .catch(() => chmod(path, file.mode | 0o111))
    .catch(() => undefined);
}

/** `local-shell-script`: the action's file with named, then positional arguments, as in StackStorm. */
export function localShellScript(options: LocalShellOptions): Runner {
  return async (run, { signal }) => {
    const path = entryPath(run);
    await makeExecutable(path);
    const words = scriptArguments({
      schemas: run.input.action.parameters,
      values: run.actionParameters,
      operator: text(run.runnerParameters['kwarg_op']) ?? DEFAULT_OPERATOR,
    });
    return runLine([path, ...words].map(quote).join(' '), run, { ...options, signal });
  };
}
