import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { BARE_TASK_QUEUE, BARE_WORKER_READY } from './names';

/** The process of the bare side's worker: `node bare-worker.js <host:port of Temporal>`, until SIGTERM. */
async function main(address: string): Promise<void> {
  const logger = new DefaultLogger('WARN');
  Runtime.install({ logger, shutdownSignals: ['SIGTERM', 'SIGINT'] });
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: join(__dirname, 'bare-workflow.js'), logger });
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue: BARE_TASK_QUEUE,
    workflowBundle,
    activities: { noop: () => Promise.resolve() },
    workflowThreadPoolSize: 1,
    maxCachedWorkflows: 250,
  });
  const running = worker.run();
  console.log(BARE_WORKER_READY);
  await running;
}

void main(process.argv[2] ?? '').then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
