import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './paths.mjs';
import { findOnPath, progress, run, SetupError, tail } from './run.mjs';

const MODULE = 'github.com/temporalio/tctl';
export const TCTL_VERSION = 'v1.18.0';
const BUILD_MS = 1_800_000;
const REMEDY = 'Install Go 1.24 or newer (https://go.dev/dl), or put tctl on PATH.';

/**
 * tctl's go.mod has lines that `go install` refuses, so it is built as a dependency of a module of ours: one with tctl's own
 * go.mod under another name, which keeps those lines.
 */
async function buildWithin(folder, go, env) {
  const step = async (args) => {
    const { code, output } = await run(go, args, { cwd: folder, env, timeoutMs: BUILD_MS });
    if (code !== 0)
      throw new SetupError(`Building tctl failed (go ${args[0]}, exit ${code}):\n${tail(output)}\n${REMEDY}`);
    return output;
  };
  const downloaded = await step(['mod', 'download', '-json', `${MODULE}@${TCTL_VERSION}`]);
  const { GoMod } = JSON.parse(downloaded.slice(downloaded.indexOf('{')));
  const own = readFileSync(GoMod, 'utf8').replace(/^module .*$/m, 'module everstorm.local/tctl-build');
  writeFileSync(join(folder, 'go.mod'), `${own}\nrequire ${MODULE} ${TCTL_VERSION}\n`);
  await step(['build', '-mod=mod', '-o', join(folder, 'tctl'), `${MODULE}/cmd/tctl`]);
}

async function buildInto(target, { log, env }) {
  const go = findOnPath('go', env.PATH);
  if (!go) throw new SetupError(`tctl was not found, and Go, which could build it, is not on PATH.\n${REMEDY}`);
  const folder = join(target, '..');
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(folder, '.building-'));
  log(`tctl: building ${MODULE}@${TCTL_VERSION} (once; about 2 minutes) …`);
  const done = progress(log, 'tctl: building');
  try {
    await buildWithin(temporary, go, env);
    // The rename is atomic: a killed or a second build never leaves half a program behind.
    renameSync(join(temporary, 'tctl'), target);
  } finally {
    log(`tctl: build ended after ${done()} s`);
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Path of tctl, Temporal's former CLI, which operators still use: PATH → our cache → built by Go into the cache. Throws SetupError with the remedy. */
export async function ensureTctl({ log, env = process.env }) {
  const onPath = findOnPath('tctl', env.PATH);
  if (onPath) return onPath;
  const cached = join(cacheFolder(env), 'bin', 'tctl');
  if (!existsSync(cached)) await buildInto(cached, { log, env });
  return cached;
}
