import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureBuilt } from './dev-process';

const ROOT = resolve(__dirname, '../..');
const BUNDLE = 'dist/workflow-bundle.js';

/** A process that serves roles; its log is JSON lines. */
export interface ServingProcess {
  /** Everything it wrote. */
  log(): string;
  kill9(): Promise<void>;
  /** SIGTERM; resolves to the exit code or the signal. */
  stop(): Promise<number | string>;
}

/** An installed Everstorm of its own that ships the given bundle of workflows. */
export interface Release {
  serve(roles: readonly string[], environment: Record<string, string>): ServingProcess;
  remove(): void;
}

/** The program as it is now, in a folder of its own. */
export async function installRelease(bundlePath: string): Promise<Release> {
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'everstorm-release-'));
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  for (const shared of ['node_modules', 'packs', 'scripts']) symlinkSync(join(ROOT, shared), join(folder, shared));
  mkdirSync(join(folder, 'dist'));
  for (const part of ['src', 'workflows', 'activities', 'sensors']) {
    cpSync(join(ROOT, 'dist', part), join(folder, 'dist', part), { recursive: true });
  }
  copyFileSync(bundlePath, join(folder, BUNDLE));
  return {
    serve: (roles, environment) => serve(join(folder, 'dist/src/bin/everstorm.js'), roles, environment),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function serve(program: string, roles: readonly string[], environment: Record<string, string>): ServingProcess {
  const child = spawn(process.execPath, [program, 'serve', ...roles], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const keep = (text: Buffer): void => void (log += text.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = once(child, 'exit').then(([code, signal]) => (signal ?? code) as number | string);
  const end = (signal: NodeJS.Signals): Promise<number | string> => {
    child.kill(signal);
    return ended;
  };
  return { log: () => log, kill9: async () => void (await end('SIGKILL')), stop: () => end('SIGTERM') };
}
