import { randomUUID } from 'node:crypto';
import { createActionDesk } from '../../../activities/action-desk';
import type { AttendingParts } from '../../../activities/attend';
import { createDeskActivities } from '../../../activities/execution-activities';
import { createDeskWorker, watchServer } from '../../adapters/temporal/worker';
import type { WorkerParts } from '../../adapters/temporal/worker';
import { CONTACT_PROBE_MS } from '../../model/timings';
import type { Logger } from '../../telemetry/logger';
import { runWorker } from './run-worker';

interface Setting {
  common: Pick<WorkerParts, 'connection' | 'namespace' | 'codec'>;
  isOpen: AttendingParts['isOpen'];
  log: Logger;
}

/**
 * The desk of this process's actions, answering on a task queue of its own, and told while actions run whether Temporal can be reached.
 * It is stopped after the worker whose actions it has: until then their workflows may ask.
 */
export async function startActionDesk({
  common,
  isOpen,
  log,
}: Setting): Promise<{ parts: AttendingParts; stop(): Promise<void> }> {
  const parts: AttendingParts = { desk: createActionDesk(), workerQueue: `everstorm-worker-${randomUUID()}`, isOpen };
  const worker = await createDeskWorker({
    ...common,
    taskQueue: parts.workerQueue,
    activities: createDeskActivities(parts),
  });
  const running = runWorker(worker, 'worker desk', log);
  const unwatch = watchServer(common.connection, CONTACT_PROBE_MS, parts.desk.contact);
  return {
    parts,
    stop: async () => {
      await running.stop();
      unwatch();
      parts.desk.close();
    },
  };
}
