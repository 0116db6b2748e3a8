import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from '@temporalio/worker';
import { createSensorActivities } from '../../../sensors/host';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { createSensorWorker } from '../../../src/adapters/temporal/worker';
import { sensorSource } from '../../../sensors/dispatch';
import { KEY, NAMESPACE, startRig, until } from '../temporal/support';
import type { Rig } from '../temporal/support';

const SENSOR = `
import { pause, Sensor } from 'everstorm/sensor';
export class Fragile extends Sensor {
  async run(signal) {
    const life = (this.state.get('life') ?? 0) + 1;
    this.state.set('life', life);
    await this.service.dispatch('test.lived', { life }, { eventId: 'life-' + life });
    if (life < 3) throw new Error('fragile');
    await pause(600000, signal);
  }
}
`;

const sensorRef = `test.Fragile${randomUUID().slice(0, 8)}`;
let folder: string;
let rig: Rig;
let worker: Worker;
let running: Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sensor-crash-'));
  writeFileSync(join(folder, 'fragile.ts'), SENSOR);
  const taskQueue = `sensors-${randomUUID()}`;
  rig = await startRig({ run: () => Promise.resolve({ status: 'succeeded', result: null }) }, taskQueue);
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  worker = await createSensorWorker({
    connection: rig.connection,
    namespace: NAMESPACE,
    taskQueue,
    codec: createCodec(KEY),
    activities: createSensorActivities({
      eventLog: rig.logs.event,
      triggerExists: (ref) => Promise.resolve(ref === 'test.lived'),
      log: () => quiet,
      cacheDirectory: join(folder, 'cache'),
    }),
  });
  running = worker.run();
}, 120_000);
afterAll(async () => {
  await rig.temporal.housekeeping.reconcileSensors([]);
  worker.shutdown();
  await running;
  await rig.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('a sensor that throws is started again, with the state it had', async () => {
  await rig.temporal.housekeeping.reconcileSensors([
    {
      sensorRef,
      pack: 'test',
      className: 'Fragile',
      entryPath: join(folder, 'fragile.ts'),
      triggerRefs: ['test.lived'],
      version: '1',
    },
  ]);
  await until('its third life', () => rig.logs.events.length >= 3, 45_000);
  expect(rig.logs.events).toMatchObject(
    [1, 2, 3].map((life) => ({ source: sensorSource(sensorRef), eventId: `life-${life}`, payload: { life } })),
  );
}, 60_000);
