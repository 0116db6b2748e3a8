import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const SCRIPT = resolve(__dirname, '../../scripts/test-services.mjs');
const START_MS = 1_800_000; // the first start on a machine builds the Temporal CLI
const STOP_MS = 40_000;

let keeper: ChildProcess | undefined;

/** Starts the servers of a test run (scripts/test-services.mjs); resolves to the environment variables that name them. */
export async function startTestServices(): Promise<Record<string, string>> {
  const child = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  keeper = child;
  const lines = createInterface({ input: child.stdout });
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the test servers did not start within ${START_MS} ms`)), START_MS);
    lines.once('line', (line) => {
      clearTimeout(timer);
      done(JSON.parse(line) as Record<string, string>);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`the test servers did not start (exit ${code}); the reason is above`));
    });
  });
}

/** Stops what `startTestServices` started; resolves when all of it has ended and its data is removed. */
export async function stopTestServices(): Promise<void> {
  const child = keeper;
  if (!child || child.exitCode !== null) return;
  await new Promise<void>((done) => {
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.once('exit', () => {
      clearTimeout(killer);
      done();
    });
    child.stdin?.end();
  });
}
