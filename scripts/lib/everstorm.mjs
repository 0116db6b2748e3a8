import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * Hands this process over to `everstorm <args>`: its stdio, its signals, its exit code.
 * @returns {Promise<number>} the exit code, 128 + n for a death by signal.
 */
export function becomeEverstorm(args) {
  const program = join(ROOT, 'dist/src/bin/everstorm.js');
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], { stdio: 'inherit' });
  // Ctrl-C at a terminal reaches the child by itself: sent twice, it would look like an impatient second one.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
