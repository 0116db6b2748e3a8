import { RULES_TASK_QUEUE } from '../../../workflows/contract';
import { createCodec } from '../../adapters/temporal/codec';
import { connectWorkers, createRulesWorker } from '../../adapters/temporal/worker';
import type { Platform } from '../platform';
import type { RunningRole } from './role';
import { runWorker } from './run-worker';

/** Answers what workflows ask of the rule service, by activity type, on a task queue that all rules roles share. */
export async function startRulesWorker(
  { config, codecKey, log }: Pick<Platform, 'config' | 'codecKey' | 'log'>,
  activities: object,
): Promise<RunningRole> {
  const connection = await connectWorkers(config.temporal.address);
  const worker = await createRulesWorker({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: RULES_TASK_QUEUE,
    codec: createCodec(codecKey),
    activities,
  });
  const running = runWorker(worker, 'rules worker', log);
  return {
    health: running.health ?? [],
    stop: async () => {
      await running.stop();
      await connection.close();
    },
  };
}
