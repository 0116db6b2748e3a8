import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError, tail } from './run.mjs';

function logTail(logFile) {
  try {
    return tail(readFileSync(logFile, 'utf8'));
  } catch {
    return '(no log)';
  }
}

/**
 * Starts a long-running program with its output in `logFile`, and waits until `healthy()` says so.
 * @param {{name: string, command: string, args: string[], logFile: string, healthy: () => Promise<boolean>,
 *   cwd?: string, env?: object, detached?: boolean, startMs?: number, stopMs?: number, stopSignal?: NodeJS.Signals}} options
 *   `detached` gives it a process group of its own, so that Ctrl-C at a terminal does not reach it behind our back.
 * @returns {Promise<{pid: number, exited: Promise<void>, stop: () => Promise<void>}>} `stop` may be called more than once.
 * Throws SetupError with the end of the log when it ends early or is not healthy within `startMs`.
 */
export async function startChild(options) {
  const { name, command, args, logFile, healthy, cwd, env = process.env, detached = false } = options;
  const { startMs = 60_000, stopMs = 15_000, stopSignal = 'SIGTERM' } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { cwd, env, detached, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended;
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve((ended = error.message)));
    child.once('exit', (code, signal) => resolve((ended = `exit ${code ?? signal}`)));
  });
  const stop = async () => {
    if (ended !== undefined) return;
    child.kill(stopSignal);
    const killer = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await exited;
    clearTimeout(killer);
  };
  const deadline = Date.now() + startMs;
  while (!(await healthy())) {
    if (ended !== undefined) {
      throw new SetupError(`${name} ended while starting (${ended}). End of ${logFile}:\n${logTail(logFile)}`);
    }
    if (Date.now() > deadline) {
      await stop();
      throw new SetupError(
        `${name} was not healthy within ${startMs / 1000} s. End of ${logFile}:\n${logTail(logFile)}`,
      );
    }
    await Promise.race([exited, delay(100)]);
  }
  return { pid: child.pid, exited: exited.then(() => undefined), stop };
}
