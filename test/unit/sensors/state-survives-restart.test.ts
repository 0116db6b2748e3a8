import { appendFile, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { NewEvent } from '../../../src/model/event';
import { createSensorActivities } from '../../../sensors/host';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const line = (service: string): string => `${JSON.stringify({ host: 'h', service, state: 2 })}\n`;

/** Runs the shipped sensor until `count` events came, then cancels; answers them and the last heartbeat. */
async function attempt(
  directory: string,
  count: number,
  details?: unknown,
): Promise<{ events: NewEvent[]; kept: unknown }> {
  const environment = new MockActivityEnvironment(details === undefined ? {} : { heartbeatDetails: details });
  const events: NewEvent[] = [];
  let kept: unknown;
  environment.on('heartbeat', (state: unknown) => (kept = state));
  const activities = createSensorActivities({
    eventLog: {
      publish: (event) => {
        events.push(event);
        if (events.length === count) environment.cancel();
        return Promise.resolve({ instanceId: '0'.repeat(24) });
      },
    },
    triggerExists: () => Promise.resolve(true),
    log: () => quiet,
    cacheDirectory: join(directory, 'cache'),
    packConfig: () => ({ checks_file: join(directory, 'checks') }),
  });
  const assignment = {
    sensorRef: 'demo.CheckResultSensor',
    pack: 'demo',
    className: 'CheckResultSensor',
    entryPath: join(__dirname, '../../../packs/demo/sensors/check-result-sensor.ts'),
    triggerRefs: ['demo.check_result'],
    version: '1',
  };
  await expect(environment.run(activities['everstorm.sensor'], assignment)).rejects.toThrow('was stopped');
  return { events, kept };
}

test('a sensor goes on where it was, also over a rotation, and its ids follow from the place', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sensor-'));
  const checks = join(directory, 'checks');
  await writeFile(checks, line('a') + line('b'));
  const first = await attempt(directory, 2);
  const again = await attempt(directory, 2);
  expect(again.events.map(({ eventId }) => eventId)).toEqual(first.events.map(({ eventId }) => eventId));
  await appendFile(checks, line('c'));
  await rename(checks, `${checks}.1`);
  await writeFile(checks, line('d'));
  const second = await attempt(directory, 2, first.kept);
  expect(second.events.map(({ payload }) => payload['service'])).toEqual(['c', 'd']);
});
