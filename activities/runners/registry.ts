import { errorCode, messageOf } from '../../src/model/errors';
import type { ExecutionOutcome } from '../../src/model/execution';
import { ExecutionStatus } from '../../src/model/statuses';
import type { RunActionInput } from '../contract';
import type { Supervisor } from '../supervisor/client';
import type { ActionRunners } from './contract';
import { httpRequestRunner } from './http/http-request';
import { noop } from './noop';
import type { Runner } from './runner';
import { localShellCmd, localShellScript } from './shell/local-shell';

export interface ActionRunnersOptions {
  supervisor: Supervisor;
  /** Base URL of the API as actions see it, without the version: `http://127.0.0.1:9101/api`. */
  apiUrl: string;
  /** Environment that actions inherit; make it with `inheritable`. */
  baseEnv?: Readonly<Record<string, string>>;
}

/** StackStorm's result of a runner that broke. */
const broken = (error: string, traceback = ''): ExecutionOutcome => ({
  status: ExecutionStatus.failed,
  result: { error, traceback },
});

/** StackStorm's result of a cancelled execution. */
const canceled = ({ input }: RunActionInput): ExecutionOutcome => ({
  status: ExecutionStatus.canceled,
  result: { message: 'Action canceled by user.', user: input.context.cancelled_by ?? input.context.user },
});

function thrown(error: unknown): ExecutionOutcome {
  // Our own errors say all there is to say; a stack helps with what nobody expected.
  const stack = errorCode(error) === null && error instanceof Error ? (error.stack ?? '') : '';
  const message = messageOf(error) || String((error as { code?: unknown }).code ?? 'unknown error');
  return broken(message, stack.split('\n').slice(1).join('\n'));
}

/** The runners of this version by the name of their runner type. Only a supervisor that can't be had makes `run` throw (UNAVAILABLE). */
export function createActionRunners(options: ActionRunnersOptions): ActionRunners {
  const shell = { supervisor: options.supervisor, apiUrl: options.apiUrl, base: options.baseEnv ?? {} };
  const runners = new Map<string, Runner>([
    ['local-shell-cmd', localShellCmd(shell)],
    ['local-shell-script', localShellScript(shell)],
    ['http-request', httpRequestRunner],
    ['noop', noop],
  ]);
  return {
    async run(input, control) {
      const { name } = input.input.runner;
      const runner = runners.get(name);
      if (runner === undefined) {
        return broken(
          `Runner "${name}" is not available in this version; available are: ${[...runners.keys()].join(', ')}.`,
        );
      }
      if (control.signal.aborted) return canceled(input);
      try {
        const outcome = await runner(input, control);
        return outcome.status === ExecutionStatus.canceled ? canceled(input) : outcome;
      } catch (error) {
        if (control.signal.aborted) return canceled(input);
        if (errorCode(error) === 'UNAVAILABLE') throw error;
        return thrown(error);
      }
    },
  };
}
