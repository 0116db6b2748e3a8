import { randomUUID } from 'node:crypto';
import { createActionDesk } from '../../../activities/action-desk';
import type { DeskOptions } from '../../../activities/action-desk';
import { createDeskActivities, createExecutionHandlers } from '../../../activities/execution-activities';
import type { RunActionInput } from '../../../activities/contract';
import type { RunControl } from '../../../activities/runners/contract';
import { createCodec } from '../../../src/adapters/temporal/codec';
import {
  connectWorkers,
  createActionWorker,
  createDeskWorker,
  watchServer,
} from '../../../src/adapters/temporal/worker';
import { CONTACT_PROBE_MS } from '../../../src/model/timings';
import type { ExecutionOutcome } from '../../../src/model/execution';
import { temporalAddress } from '../../helpers/addresses';
import { startTcpGate } from '../../helpers/tcp-gate';
import type { TcpGate } from '../../helpers/tcp-gate';
import { KEY, NAMESPACE } from './support';
import type { Rig } from './support';

/** One more worker on a rig's task queue, as the worker role sets it up, whose way to Temporal can be cut. */
export interface GatedWorker {
  gate: TcpGate;
  /** Asks it to stop: its actions have the drain time. */
  drain(): Promise<void>;
}

export interface GatedWorkerOptions {
  run: (input: RunActionInput, control: RunControl) => Promise<ExecutionOutcome>;
  desk?: DeskOptions;
  drainMs?: number;
}

export async function startGatedWorker(rig: Rig, options: GatedWorkerOptions): Promise<GatedWorker> {
  const gate = await startTcpGate(temporalAddress());
  const connection = await connectWorkers(gate.address);
  const parts = {
    desk: createActionDesk(options.desk),
    workerQueue: `worker-${randomUUID()}`,
    isOpen: rig.temporal.executions.isOpen,
  };
  const common = { connection, namespace: NAMESPACE, codec: createCodec(KEY) };
  const { activities, close } = createExecutionHandlers({
    ...parts,
    endedByItself: rig.temporal.executions.endedByItself,
    auditLog: rig.logs.audit,
    eventLog: rig.logs.event,
    runners: { run: options.run },
    hostname: 'gated',
    pid: process.pid,
  });
  // Without workflows: tasks of the workflow that judges the loss must not be lost in this worker's polls as well.
  const worker = await createActionWorker({
    ...common,
    taskQueue: rig.taskQueue,
    drainMs: options.drainMs ?? 0,
    activities,
  });
  const desk = await createDeskWorker({
    ...common,
    taskQueue: parts.workerQueue,
    activities: createDeskActivities(parts),
  });
  const running = [worker.run(), desk.run()] as const;
  const unwatch = watchServer(connection, CONTACT_PROBE_MS, parts.desk.contact);
  return {
    gate,
    drain: async () => {
      await gate.open(); // what a worker reports while it is cut off takes a minute to be given up
      worker.shutdown();
      await running[0];
      await close(5_000);
      desk.shutdown();
      await running[1];
      unwatch();
      parts.desk.close();
      await connection.close();
      await gate.close();
    },
  };
}
