import { createSensorActivities } from '../../../sensors/host';
import { SENSOR_TASK_QUEUE } from '../../../workflows/contract';
import { createCodec } from '../../adapters/temporal/codec';
import { connectWorkers, createSensorWorker } from '../../adapters/temporal/worker';
import { devPaths } from '../dev/paths';
import { packConfigReader } from '../pack-config';
import type { StartRole } from './role';
import { runWorker } from './run-worker';

/** Hosts sensors: activities only, one slot each. */
export const startSensors: StartRole = async ({ config, kafka, store, codecKey, log }) => {
  const connection = await connectWorkers(config.temporal.address);
  const paths = devPaths(config.home);
  const worker = await createSensorWorker({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: SENSOR_TASK_QUEUE,
    codec: createCodec(codecKey),
    activities: createSensorActivities({
      eventLog: kafka.eventLog,
      triggerExists: async (ref) => (await store.definitions.get('trigger', ref)) !== null,
      log: (sensor) => {
        const logger = log.child({ sensor });
        return {
          debug: (message) => logger.debug(message),
          info: (message) => logger.info(message),
          warn: (message) => logger.warn(message),
          error: (message) => logger.error(message),
        };
      },
      cacheDirectory: paths.sensorCache,
      packConfig: packConfigReader(paths.configs),
    }),
  });
  const running = runWorker(worker, 'sensors', log);
  return {
    health: running.health ?? [],
    stop: async () => {
      await running.stop();
      await connection.close();
    },
  };
};
