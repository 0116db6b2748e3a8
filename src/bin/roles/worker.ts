import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createExecutionHandlers } from '../../../activities/execution-activities';
import { createActionRunners } from '../../../activities/runners/registry';
import { createSupervisor } from '../../../activities/supervisor/client';
import { EXECUTION_TASK_QUEUE } from '../../../workflows/contract';
import { buildIdOf } from '../../adapters/temporal/build-id';
import { createCodec } from '../../adapters/temporal/codec';
import { connectWorkers, createExecutionWorker } from '../../adapters/temporal/worker';
import { startBuildPool } from '../../services/workflow-builds/pool';
import { DIST, WORKFLOW_BUNDLE } from '../project-root';
import { actionEnvironment } from '../action-environment';
import { debugOption } from '../debug-option';
import type { StartRole } from './role';
import { startActionDesk } from './action-desk';
import { runWorker } from './run-worker';

/** Kafka has so long to take what is left to tell; the reconciler tells the rest. */
const FLUSH_MS = 5_000;

/** Workflows, and the activities that run actions: one Temporal worker for each version of the workflows that has executions. */
export const startWorker: StartRole = async ({ config, kafka, temporal, store, codecKey, log }) => {
  const supervisor = createSupervisor({ script: join(DIST, 'activities/supervisor/supervise.js') });
  const runners = createActionRunners({
    supervisor,
    apiUrl: `${config.api.url}/api`,
    baseEnv: actionEnvironment(config.home),
  });
  const connection = await connectWorkers(config.temporal.address);
  const common = { connection, namespace: config.temporal.namespace, codec: createCodec(codecKey) };
  const desk = await startActionDesk({ common, isOpen: temporal.executions.isOpen, log });
  const { activities, sinks, close } = createExecutionHandlers({
    ...desk.parts,
    auditLog: kafka.auditLog,
    endedByItself: temporal.executions.endedByItself,
    eventLog: kafka.eventLog,
    runners,
    hostname: hostname(),
    pid: process.pid,
    log,
    ...debugOption(config),
  });
  const shared = { ...common, taskQueue: EXECUTION_TASK_QUEUE, drainMs: config.drainMs, activities, sinks };
  const code = await readFile(WORKFLOW_BUNDLE, 'utf8');
  const pool = await startBuildPool({
    own: { buildId: buildIdOf(code), code },
    alone: config.alone,
    bundles: store.workflowBundles,
    deployments: temporal.deployments,
    runWorker: async (build) =>
      runWorker(await createExecutionWorker({ ...shared, build }), `worker ${build.buildId}`, log),
    log,
  });
  return {
    health: [...desk.health, ...pool.health],
    stop: async () => {
      await pool.stop();
      await desk.stop();
      await close(FLUSH_MS);
      await supervisor.close();
      await connection.close();
    },
  };
};
