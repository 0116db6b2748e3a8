import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findOnPath, progress, run, SetupError, tail } from './run.mjs';

/**
 * Builds a Go program with `go install` into `target`, in one step: a killed or a second build never leaves half a program behind.
 * @param {{title: string, module: string, target: string, minutes: string, remedy: string, log: (line: string) => void, env?: object}} options
 *   `module` is package@version; `title` and `remedy` are for the person at the terminal.
 * Throws SetupError when Go is missing or the build fails.
 */
export async function buildGoProgram({ title, module, target, minutes, remedy, log, env = process.env }) {
  const go = findOnPath('go', env.PATH);
  if (!go) throw new SetupError(`${title} was not found, and Go, which could build it, is not on PATH.\n${remedy}`);
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(folder, '.building-'));
  log(`temporal: building ${module} (once; about ${minutes} minutes) …`);
  const done = progress(log, 'temporal: building');
  try {
    const { code, output } = await run(go, ['install', module], {
      env: { ...env, GOBIN: temporary },
      timeoutMs: 1_800_000,
    });
    if (code !== 0) throw new SetupError(`Building ${title} failed (exit ${code}):\n${tail(output)}\n${remedy}`);
    renameSync(join(temporary, basename(module.split('@')[0])), target);
  } finally {
    log(`temporal: build ended after ${done()} s`);
    rmSync(temporary, { recursive: true, force: true });
  }
}
