import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { NativeConnection } from '@temporalio/worker';
import { createActionDesk } from '../../../activities/action-desk';
import { createExecutionHandlers } from '../../../activities/execution-activities';
import { buildIdOf } from '../../../src/adapters/temporal/build-id';
import { connectClient } from '../../../src/adapters/temporal/client';
import type { TemporalClient } from '../../../src/adapters/temporal/client';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { createTemporal } from '../../../src/adapters/temporal/create-temporal';
import type { Temporal } from '../../../src/adapters/temporal/create-temporal';
import { connectWorkers, createExecutionWorker, createSensorWorker } from '../../../src/adapters/temporal/worker';
import { sensorWorkflowId, timerWorkflowId } from '../../../src/model/ids';
import { INTERVAL_TIMER_TYPE } from '../../../src/model/trigger';
import type { WorkflowBuild } from '../../../src/model/workflow-build';
import type { SensorAssignment, TimerAssignment } from '../../../src/ports/executions';
import { EXECUTION_TASK_QUEUE, SENSOR_ACTIVITY_TYPE, SENSOR_TASK_QUEUE } from '../../../workflows/contract';
import { temporalAddress } from '../../helpers/addresses';
import { workflowBundle } from '../../helpers/workflow-bundle';
import { executionInput, KEY, MemoryLogs, until } from './support';

const timer = (name: string): TimerAssignment => ({
  triggerRef: `core.${name}`,
  triggerType: INTERVAL_TIMER_TYPE,
  parameters: { unit: 'seconds', delta: 1 },
  version: '1',
});
const sensor: SensorAssignment = {
  sensorRef: 'test.Sensor',
  pack: 'test',
  className: 'Sensor',
  entryPath: '/nowhere',
  triggerRefs: [],
  version: '1',
};

/** A namespace of its own: its deployment has no versions yet. */
const namespace = `versions-${randomUUID()}`;
const logs = new MemoryLogs();
let temporal: Temporal;
let raw: TemporalClient;
let connection: NativeConnection;
let bundlePath: string;
let a: WorkflowBuild;
let b: WorkflowBuild;
const stops: (() => Promise<void>)[] = [];

/** Runs a worker of a build, or an unversioned one; the function stops it. */
async function serve(build?: WorkflowBuild): Promise<() => Promise<void>> {
  const { activities, sinks } = createExecutionHandlers({
    desk: createActionDesk(),
    workerQueue: `worker-${namespace}`,
    isOpen: temporal.executions.isOpen,
    endedByItself: temporal.executions.endedByItself,
    auditLog: logs.audit,
    eventLog: logs.event,
    runners: { run: () => Promise.resolve({ status: 'succeeded', result: null }) },
    hostname: hostname(),
    pid: process.pid,
  });
  const worker = await createExecutionWorker({
    connection,
    namespace,
    taskQueue: EXECUTION_TASK_QUEUE,
    codec: createCodec(KEY),
    activities,
    sinks,
    ...(build ? { build } : { bundlePath }),
  });
  const running = worker.run();
  const stop = async (): Promise<void> => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  stops.push(stop);
  return stop;
}

const promote = async ({ buildId }: WorkflowBuild): Promise<void> => {
  await until('Temporal knows the version', () => temporal.deployments.served(buildId));
  await temporal.deployments.promote(buildId);
};
const historyOf = async (id: string) => (await raw.client.workflow.getHandle(id).fetchHistory()).events ?? [];
/** Builds of the steps of a run; empty for those of an unversioned worker. */
const buildsOf = async (id: string): Promise<string[]> =>
  (await historyOf(id)).flatMap(({ workflowTaskCompletedEventAttributes: done }) =>
    done ? [done.deploymentVersion?.buildId ?? ''] : [],
  );
const firesOf = ({ triggerRef }: TimerAssignment) => logs.events.filter(({ trigger }) => trigger === triggerRef).length;

beforeAll(async () => {
  const address = temporalAddress();
  temporal = await createTemporal({ address, namespace, codecKey: KEY });
  await temporal.prepare();
  raw = await connectClient({ address, namespace, codec: createCodec(KEY) });
  connection = await connectWorkers(address);
  bundlePath = await workflowBundle();
  const next = await workflowBundle(resolve(__dirname, '../../replay/changed/harmless.ts'));
  [a, b] = [bundlePath, next].map((path) => {
    const code = readFileSync(path, 'utf8');
    return { buildId: buildIdOf(code), code };
  }) as [WorkflowBuild, WorkflowBuild];
}, 120_000);
afterAll(async () => {
  await temporal.housekeeping.reconcileTimers([]);
  await temporal.housekeeping.reconcileSensors([]);
  await Promise.all(stops.map((stop) => stop()));
  await connection.close();
  await raw.connection.close();
  await temporal.close();
}, 60_000);

test('with no version at all nothing is current, and none can be promoted', async () => {
  expect(await temporal.deployments.current()).toBeNull();
  expect(await temporal.deployments.served('unknown')).toBe(false);
  expect([...(await temporal.deployments.open(['unknown', 'other']))]).toEqual([
    ['unknown', 0],
    ['other', 0],
  ]);
  expect(await temporal.deployments.workers()).toEqual([]);
  await expect(temporal.deployments.promote('unknown')).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('what an older, unversioned Everstorm began is finished by the first version, and its timers do not hold that version', async () => {
  const old = timer('old');
  const stop = await serve();
  const begun = executionInput({ delayMs: 8_000 });
  await temporal.executions.start(begun);
  await temporal.housekeeping.reconcileTimers([old]);
  await until('the timer fires', () => firesOf(old) > 0);
  await until('it began', async () => (await buildsOf(begun.executionId)).length > 0);
  await stop();

  // Started while there is no current version: it waits, it does not fail.
  const waiting = executionInput();
  await temporal.executions.start(waiting);
  await serve(a);
  await promote(a);
  expect(await temporal.deployments.current()).toBe(a.buildId);
  for (const { executionId } of [waiting, begun]) {
    const state = await until('end', async () => {
      const found = await temporal.executions.get(executionId);
      return found?.endedAt === undefined ? null : found;
    });
    expect(state.status).toBe('succeeded');
  }
  expect(new Set(await buildsOf(waiting.executionId))).toEqual(new Set([a.buildId]));
  const [first, ...rest] = await buildsOf(begun.executionId);
  expect(first).toBe('');
  expect(new Set(rest)).toEqual(new Set([a.buildId]));

  const before = firesOf(old);
  await until('the timer goes on', () => firesOf(old) > before);
  await until('the timer is unpinned', async () => {
    await temporal.housekeeping.reconcileTimers([old]);
    const { raw: run } = await raw.client.workflow.getHandle(timerWorkflowId(old.triggerRef)).describe();
    return run.workflowExecutionInfo?.versioningInfo?.versioningOverride?.autoUpgrade === true;
  });
}, 90_000);

test('timers and sensors go over to the next version as they are, and are no executions that hold the old one', async () => {
  const young = timer('young');
  let sensing = 0;
  const sensorWorker = await createSensorWorker({
    connection,
    namespace,
    taskQueue: SENSOR_TASK_QUEUE,
    codec: createCodec(KEY),
    activities: {
      [SENSOR_ACTIVITY_TYPE]: async () => {
        sensing += 1;
        const { cancelled, heartbeat } = await import('@temporalio/activity');
        const beat = setInterval(() => heartbeat(), 500);
        await cancelled().finally(() => clearInterval(beat));
      },
    },
  });
  const sensorsRun = sensorWorker.run();
  stops.push(async () => {
    sensorWorker.shutdown();
    await sensorsRun;
  });
  await temporal.housekeeping.reconcileTimers([timer('old'), young]);
  await temporal.housekeeping.reconcileSensors([sensor]);
  await until('sensor runs', () => sensing > 0);
  await until('the timer fires', () => firesOf(young) > 0);
  const runIdOf = async (id: string) => (await raw.client.workflow.getHandle(id).describe()).runId;
  const ids = [timer('old'), young].map(({ triggerRef }) => timerWorkflowId(triggerRef));
  const runs = await Promise.all(ids.map(runIdOf));

  const delayed = executionInput({ delayMs: 600_000 });
  await temporal.executions.start(delayed);
  await until('the delayed one is counted', async () => (await temporal.deployments.open([a.buildId])).get(a.buildId));
  await serve(b);
  await promote(b);
  for (const id of ids) await until('its steps are of B', async () => (await buildsOf(id)).at(-1) === b.buildId);
  expect(await Promise.all(ids.map(runIdOf))).toEqual(runs);
  expect(sensing).toBe(1);
  expect(new Set(await buildsOf(sensorWorkflowId(sensor.sensorRef)))).toEqual(new Set([a.buildId]));
  // The sensor's last step was on A, and yet only the delayed execution holds it.
  expect([...(await temporal.deployments.open([a.buildId, b.buildId]))]).toEqual([
    [a.buildId, 1],
    [b.buildId, 0],
  ]);
  expect(await temporal.deployments.remembered(a.buildId)).toBeGreaterThanOrEqual(3);
  const alive = (await temporal.deployments.workers()).filter((worker) => worker.alive);
  expect(new Set(alive.map(({ buildId }) => buildId))).toEqual(new Set([a.buildId, b.buildId]));
  expect(await temporal.executions.cancel(delayed.executionId, 'boss')).toBe(true);
  await until('it ended', async () => (await temporal.executions.get(delayed.executionId))?.endedAt);
  expect(new Set(await buildsOf(delayed.executionId))).toEqual(new Set([a.buildId]));
}, 90_000);
