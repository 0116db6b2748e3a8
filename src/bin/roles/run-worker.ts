import type { Worker } from '@temporalio/worker';
import { EverstormError, messageOf } from '../../model/errors';
import type { Logger } from '../../telemetry/logger';
import type { RunningRole } from './role';

/** Runs a Temporal worker until stopped. A worker that ends by itself is a fatal error of the process: it would serve nothing, silently. */
export function runWorker(worker: Worker, name: string, log: Logger): RunningRole {
  const ended = worker.run().catch((error: unknown) => {
    log.fatal({ worker: name, reason: messageOf(error) }, 'a Temporal worker ended');
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
  const check = (): Promise<void> => {
    const state = worker.getState();
    if (state === 'RUNNING') return Promise.resolve();
    return Promise.reject(new EverstormError('UNAVAILABLE', `its Temporal worker is ${state.toLowerCase()}`));
  };
  return {
    health: [{ name, check }],
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}
