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
import { startActionDesk } from './action-desk';
import { runWorker } from './run-worker';

/** Workflows, and the activities that run actions. */
export const startWorker: StartRole = async ({ config, kafka, temporal, codecKey, log }) => {
  const supervisor = createSupervisor({ script: join(DIST, 'activities/supervisor/supervise.js') });
  const runners = createActionRunners({
    supervisor,
    apiUrl: `${config.api.url}/api`,
    baseEnv: actionEnvironment(config.home),
  });
  const connection = await connectWorkers(config.temporal.address);
  const common = { connection, namespace: config.temporal.namespace, codec: createCodec(codecKey) };
  const desk = await startActionDesk({ common, isOpen: temporal.executions.isOpen, log });
  const worker = await createExecutionWorker({
    ...common,
    taskQueue: EXECUTION_TASK_QUEUE,
    bundlePath: WORKFLOW_BUNDLE,
    drainMs: config.drainMs,
    activities: createExecutionActivities({
      ...desk.parts,
      auditLog: kafka.auditLog,
      eventLog: kafka.eventLog,
      runners,
      hostname: hostname(),
      pid: process.pid,
    }),
  });
  const running = runWorker(worker, 'worker', log);
  return {
    stop: async () => {
      await running.stop();
      await desk.stop();
      await supervisor.close();
      await connection.close();
    },
  };
};
