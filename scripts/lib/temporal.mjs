import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './paths.mjs';
import { findOnPath, progress, run, SetupError, tail } from './run.mjs';

/** Newer versions carry `replace` lines in go.mod, which `go install` refuses. */
export const TEMPORAL_CLI_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

/**
 * Dynamic configuration that every Temporal we start or ship carries (deploy/temporal-dynamic-config.yaml is the same).
 * Four task-queue partitions share too few pollers on a small machine, and each history shard polls its queues at most
 * 20 times a second by default, which adds 35-40 ms to every hop; with these a workflow takes 31 ms instead of 150.
 */
export const TEMPORAL_SETTINGS = Object.freeze({
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'history.visibilityProcessorMaxPollRPS': 2000,
});

/**
 * How the dev server keeps its SQLite file. Its default (rollback journal, two flushes a commit) costs more than twice the CPU time of an
 * execution and most of its latency. A write-ahead log that is flushed at checkpoints loses nothing when the server is killed; when the
 * whole machine dies the last moments may be gone, as with Kafka's log beside it. The production server keeps its state in Postgres.
 */
export const TEMPORAL_SQLITE_PRAGMAS = Object.freeze({ journal_mode: 'WAL', synchronous: 'NORMAL' });

const REMEDY =
  'Either install Go 1.24 or newer (https://go.dev/dl) and run this again, or install the Temporal CLI ' +
  '(https://docs.temporal.io/cli) on PATH or name it in EVERSTORM_TEMPORAL_CLI, ' +
  'or point EVERSTORM_TEMPORAL_ADDRESS at a running Temporal.';

async function buildInto(target, { log, env }) {
  const go = findOnPath('go', env.PATH);
  if (!go)
    throw new SetupError(`The Temporal CLI was not found, and Go, which could build it, is not on PATH.\n${REMEDY}`);
  const folder = join(target, '..');
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(folder, '.building-'));
  log(`temporal: building ${TEMPORAL_CLI_MODULE} (once; about 4 minutes) …`);
  const done = progress(log, 'temporal: building');
  try {
    const { code, output } = await run(go, ['install', TEMPORAL_CLI_MODULE], {
      env: { ...env, GOBIN: temporary },
      timeoutMs: 1_800_000,
    });
    if (code !== 0)
      throw new SetupError(`Building the Temporal CLI failed (exit ${code}):\n${tail(output)}\n${REMEDY}`);
    // The rename is atomic: a killed or a second build never leaves half a program behind.
    renameSync(join(temporary, 'temporal'), target);
  } finally {
    log(`temporal: build ended after ${done()} s`);
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Path of a Temporal CLI: EVERSTORM_TEMPORAL_CLI → PATH → our cache → built by Go into the cache.
 * Throws SetupError with the remedy.
 */
export async function ensureTemporalCli({ log, env = process.env }) {
  if (env.EVERSTORM_TEMPORAL_CLI) {
    if (existsSync(env.EVERSTORM_TEMPORAL_CLI)) return env.EVERSTORM_TEMPORAL_CLI;
    throw new SetupError(`EVERSTORM_TEMPORAL_CLI names a file that does not exist: ${env.EVERSTORM_TEMPORAL_CLI}`);
  }
  const onPath = findOnPath('temporal', env.PATH);
  if (onPath) return onPath;
  const cached = join(cacheFolder(env), 'bin', 'temporal');
  if (!existsSync(cached)) await buildInto(cached, { log, env });
  return cached;
}
