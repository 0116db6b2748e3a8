import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildGoProgram } from './go-program.mjs';
import { cacheFolder } from './paths.mjs';
import { findOnPath, SetupError } from './run.mjs';

/** Newer versions carry `replace` lines in go.mod, which `go install` refuses. */
export const TEMPORAL_CLI_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

/**
 * Dynamic configuration that every Temporal we start or ship carries (deploy/temporal-dynamic-config.yaml is the same).
 * Four task-queue partitions share too few pollers on a small machine, and each history shard polls its queues at most
 * 20 times a second by default, which adds 35-40 ms to every hop; with these a workflow takes 31 ms instead of 150. A worker that completes
 * a workflow task gets the activity it asked for with the answer, without a way over matching (a fifth of an execution's cost). A connection
 * that answers no ping for 3 s is closed, so that tasks are not given to the polls of a worker that stands still.
 */
export const TEMPORAL_SETTINGS = Object.freeze({
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'history.visibilityProcessorMaxPollRPS': 2000,
  'system.enableActivityEagerExecution': true,
  'frontend.keepAliveTime': '5s',
  'frontend.keepAliveTimeout': '3s',
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
  if (!existsSync(cached)) {
    const title = 'The Temporal CLI';
    await buildGoProgram({
      title,
      module: TEMPORAL_CLI_MODULE,
      target: cached,
      minutes: '4',
      remedy: REMEDY,
      log,
      env,
    });
  }
  return cached;
}
