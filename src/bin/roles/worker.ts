import { hostname } from 'node:os';
import { join } from 'node:path';
import { createExecutionActivities } from '../../../activities/execution-activities';
import { createActionRunners } from '../../../activities/runners/registry';
import { createSupervisor } from '../../../activities/supervisor/client';
import { EXECUTION_TASK_QUEUE } from '../../../workflows/contract';
import { createCodec } from '../../adapters/temporal/codec';
import { connectWorkers, createExecutionWorker } from '../../adapters/temporal/worker';
import { DIST, WORKFLOW_BUNDLE } from '../project-root';
import { actionEnvironment } from '../action-environment';
import type { StartRole } from './role';
import { runWorker } from './run-worker';

/** Workflows, and the activities that run actions. */
export const startWorker: StartRole = async ({ config, kafka, codecKey, log }) => {
  const supervisor = createSupervisor({ script: join(DIST, 'activities/supervisor/supervise.js') });
  const runners = createActionRunners({
    supervisor,
    apiUrl: `${config.api.url}/api`,
    baseEnv: actionEnvironment(config.home),
  });
  const connection = await connectWorkers(config.temporal.address);
  const worker = await createExecutionWorker({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: EXECUTION_TASK_QUEUE,
    codec: createCodec(codecKey),
    bundlePath: WORKFLOW_BUNDLE,
    activities: createExecutionActivities({
      auditLog: kafka.auditLog,
      eventLog: kafka.eventLog,
      runners,
      hostname: hostname(),
      pid: process.pid,
    }),
  });
  const running = runWorker(worker, 'worker', log);
  return {
    health: running.health ?? [],
    stop: async () => {
      await running.stop();
      await supervisor.close();
      await connection.close();
    },
  };
};
