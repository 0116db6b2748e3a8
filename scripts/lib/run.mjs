import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** An error whose message is written for the person at the terminal: what is wrong and what to do. Shown without a stack. */
export class SetupError extends Error {}

/** Full path of a program on PATH, or undefined. */
export function findOnPath(name, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter)) {
    if (!folder) continue;
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // not here: look in the next folder
    }
  }
  return undefined;
}

/** Calls `log` with the elapsed seconds every `everyMs` until the returned function is called. */
export function progress(log, what, everyMs = 10_000) {
  const started = Date.now();
  const timer = setInterval(() => log(`${what} … ${Math.round((Date.now() - started) / 1000)} s`), everyMs);
  return () => {
    clearInterval(timer);
    return Math.round((Date.now() - started) / 1000);
  };
}

const KEEP = 200_000;

/**
 * Runs a program to its end without stdin and collects what it prints (the last 200,000 characters).
 * @param {{cwd?: string, env?: object, timeoutMs?: number, stdio?: 'collect' | 'stderr' | 'inherit'}} options
 *   `stderr` sends all its output to our stderr; a program that outlives `timeoutMs` is killed and gets code 124.
 * @returns {Promise<{code: number, output: string}>} 127 when it can't be started.
 */
export function run(command, args, { cwd, env = process.env, timeoutMs = 900_000, stdio = 'collect' } = {}) {
  const streams = { collect: ['ignore', 'pipe', 'pipe'], stderr: ['ignore', 2, 2], inherit: ['ignore', 1, 2] };
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: streams[stdio] });
    let output = '';
    let timedOut = false;
    const collect = (chunk) => {
      output = (output + chunk).slice(-KEEP);
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    const timer = setTimeout(() => {
      timedOut = true;
      output += `\n(killed after ${timeoutMs / 1000} s)\n`;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 127, output: `${command}: ${error.message}\n` });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 124 : (code ?? 1), output });
    });
  });
}

/** Last lines of a text, for messages that show why something failed. */
export function tail(text, lines = 15) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Runs a script's main function; a SetupError ends it with its message alone, anything else with its stack. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    console.error(error instanceof SetupError ? `\neverstorm: ${error.message}` : error);
    process.exitCode = 1;
  }
}
