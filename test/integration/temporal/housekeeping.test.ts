import { randomUUID } from 'node:crypto';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { Worker } from '@temporalio/worker';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { createSensorWorker } from '../../../src/adapters/temporal/worker';
import { sensorWorkflowId, timerWorkflowId } from '../../../src/model/ids';
import { INTERVAL_TIMER_TYPE } from '../../../src/model/trigger';
import type { SensorAssignment, TimerAssignment } from '../../../src/ports/executions';
import { SENSOR_ACTIVITY_TYPE } from '../../../workflows/contract';
import { saveHistory } from '../../replay/save-history';
import { KEY, NAMESPACE, startRig, until } from './support';
import type { Rig } from './support';

let rig: Rig;
let sensorWorker: Worker;
let sensorWorkerRuns: Promise<void>;
/** Sensors that run now, as ref@version. */
const running = new Set<string>();
let starts = 0;
/** Sensors that end by themselves, once. */
const brief = new Set<string>();

async function runSensor(sensor: SensorAssignment): Promise<void> {
  const name = `${sensor.sensorRef}@${sensor.version}`;
  running.add(name);
  starts += 1;
  if (brief.delete(sensor.sensorRef)) return;
  const beat = setInterval(() => heartbeat(), 500);
  const signal = cancellationSignal();
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  clearInterval(beat);
  running.delete(name);
  throw signal.reason;
}

beforeAll(async () => {
  const sensorTaskQueue = `sensors-${randomUUID()}`;
  rig = await startRig({ run: () => Promise.resolve({ status: 'succeeded', result: null }) }, sensorTaskQueue);
  sensorWorker = await createSensorWorker({
    connection: rig.connection,
    namespace: NAMESPACE,
    taskQueue: sensorTaskQueue,
    codec: createCodec(KEY),
    activities: { [SENSOR_ACTIVITY_TYPE]: runSensor },
  });
  sensorWorkerRuns = sensorWorker.run();
}, 120_000);
afterAll(async () => {
  await rig.temporal.housekeeping.reconcileSensors([]);
  await rig.temporal.housekeeping.reconcileTimers([]);
  sensorWorker.shutdown();
  await sensorWorkerRuns;
  await rig.stop();
}, 60_000);

const sensor = (version: string, ref = `test.Sensor${randomUUID().slice(0, 8)}`): SensorAssignment => ({
  sensorRef: ref,
  pack: 'test',
  className: 'Sensor',
  entryPath: '/nowhere',
  triggerRefs: [],
  version,
});
const listed = (workflowId: string) =>
  until('visibility', async () => {
    const query = `WorkflowId = '${workflowId}' AND ExecutionStatus = 'Running'`;
    return (await rig.raw.client.workflow.count(query)).count > 0;
  });

test('sensors follow what is wanted: started once, restarted when changed, ended when gone', async () => {
  const { housekeeping } = rig.temporal;
  const one = sensor('1');
  await Promise.all([housekeeping.reconcileSensors([one]), housekeeping.reconcileSensors([one])]);
  await until('sensor runs', () => running.has(`${one.sensorRef}@1`));
  await housekeeping.reconcileSensors([one]);
  expect(starts).toBe(1);

  await housekeeping.reconcileSensors([{ ...one, version: '2' }]);
  await until('new version runs', () => running.has(`${one.sensorRef}@2`));
  expect([...running]).toEqual([`${one.sensorRef}@2`]);

  await listed(sensorWorkflowId(one.sensorRef));
  await housekeeping.reconcileSensors([]);
  expect([...running]).toEqual([]);
  await saveHistory('sensor', await rig.raw.client.workflow.getHandle(sensorWorkflowId(one.sensorRef)).fetchHistory());
}, 60_000);

test('a sensor that ends by itself goes on in a new run', async () => {
  const one = sensor('1');
  brief.add(one.sensorRef);
  const before = starts;
  await rig.temporal.housekeeping.reconcileSensors([one]);
  await until('second run', () => starts >= before + 2);
  const { client } = rig.raw;
  const workflowId = sensorWorkflowId(one.sensorRef);
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const firstRun = raw.workflowExecutionInfo?.firstRunId ?? '';
  expect((await client.workflow.getHandle(workflowId, firstRun).describe()).status.name).toBe('CONTINUED_AS_NEW');
  await saveHistory('sensor-continued', await client.workflow.getHandle(workflowId, firstRun).fetchHistory());
  await listed(workflowId);
  await rig.temporal.housekeeping.reconcileSensors([]);
}, 60_000);

test('a timer fires on its grid with ids of the planned times, and waits out a dead event log', async () => {
  const timer: TimerAssignment = {
    triggerRef: `core.every-second-${randomUUID().slice(0, 8)}`,
    triggerType: INTERVAL_TIMER_TYPE,
    parameters: { unit: 'seconds', delta: 1 },
    version: '1',
  };
  await rig.temporal.housekeeping.reconcileTimers([timer]);
  const fires = () => rig.logs.events.filter(({ trigger }) => trigger === timer.triggerRef);
  await until('two fires', () => fires().length >= 2);
  rig.logs.down = true;
  const before = fires().length;
  const handle = rig.raw.client.workflow.getHandle(timerWorkflowId(timer.triggerRef));
  await until('a failed publish', async () =>
    (await handle.fetchHistory()).events?.some((event) => event.markerRecordedEventAttributes?.failure),
  );
  expect(fires()).toHaveLength(before);
  rig.logs.down = false;
  await until('it fires again', () => fires().length >= before + 2);
  const events = fires();
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
  expect(events[0]).toMatchObject({
    source: `/timers/${timer.triggerRef}`,
    eventId: `${timer.triggerRef}/${events[0]?.occurredAt}`,
    traceTag: `st2.IntervalTimer-${timer.triggerRef.slice('core.'.length)}`,
    payload: { schedule: null, executed_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00$/) },
  });
  const grid = events.map(({ occurredAt }) => Date.parse(occurredAt) % 1_000);
  expect(new Set(grid).size).toBe(1);
  await listed(timerWorkflowId(timer.triggerRef));
  await rig.temporal.housekeeping.reconcileTimers([]);
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  await saveHistory('timer', await handle.fetchHistory());
}, 60_000);

test('the namespace keeps runs longer than Kafka keeps events, and is ready', async () => {
  const found = await rig.raw.connection.workflowService.describeNamespace({ namespace: NAMESPACE });
  expect(Number(found.config?.workflowExecutionRetentionTtl?.seconds)).toBe(37 * 86_400);
  await expect(rig.temporal.health.check()).resolves.toBeUndefined();
});
