import { createKafka } from '../../../src/adapters/kafka/create-kafka';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { connectWorkers, createSensorWorker } from '../../../src/adapters/temporal/worker';
import { createSensorActivities } from '../../../sensors/host';
import { memoryPlatformState } from '../../helpers/memory-platform-state';

/** What a sensor worker process is told: argv[2], as JSON. */
export interface SensorWorkerSetting {
  temporal: string;
  namespace: string;
  taskQueue: string;
  codecKeyHex: string;
  broker: string;
  topicPrefix: string;
  cacheDirectory: string;
}

/** A sensor worker as a process of its own, so that it can be killed; it knows every trigger. */
async function main(setting: SensorWorkerSetting): Promise<void> {
  const kafka = createKafka({
    brokers: [setting.broker],
    topicPrefix: setting.topicPrefix,
    clientId: `sensors-${process.pid}`,
    platform: memoryPlatformState(),
    log: () => undefined,
  });
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const worker = await createSensorWorker({
    connection: await connectWorkers(setting.temporal),
    namespace: setting.namespace,
    taskQueue: setting.taskQueue,
    codec: createCodec(Buffer.from(setting.codecKeyHex, 'hex')),
    activities: createSensorActivities({
      eventLog: kafka.eventLog,
      triggerExists: () => Promise.resolve(true),
      log: () => quiet,
      cacheDirectory: setting.cacheDirectory,
      // The sensor tells in its events which process it runs in.
      packConfig: () => ({ worker: process.pid }),
    }),
  });
  console.log('ready');
  await worker.run();
}

main(JSON.parse(process.argv[2] ?? '') as SensorWorkerSetting).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
