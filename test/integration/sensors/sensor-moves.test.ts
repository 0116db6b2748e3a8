import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { LoggedEvent } from '../../../src/model/event';
import { kafkaBroker, temporalAddress } from '../../helpers/addresses';
import { startPlatform } from '../api/platform';
import type { TestPlatform } from '../api/platform';
import { send } from '../api/golden';
import { until } from '../temporal/support';
import type { SensorWorkerSetting } from './worker-program';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

const ROOT = resolve(__dirname, '../../..');
const MOVES_WITHIN_MS = 10_000;
/** Unique, because a sensor's workflow is named after it and the namespace is shared. */
const PACK = `moving_${randomUUID().slice(0, 8)}`;
const FILES: Record<string, string> = {
  'pack.yaml': `ref: ${PACK}\nname: ${PACK}\ndescription: moves\nversion: 1.0.0\nauthor: Sam\nemail: sam@example.org\n`,
  'sensors/restless.yaml': `class_name: Restless
entry_point: restless.ts
description: tells where it runs
trigger_types:
  - name: here
    description: where it is
`,
  'sensors/restless.ts': `
import { pause, Sensor } from 'everstorm/sensor';
export class Restless extends Sensor {
  async run(signal) {
    const { worker } = this.config;
    const starts = (this.state.get('starts') ?? 0) + 1;
    this.state.set('starts', starts);
    await this.service.dispatch('${PACK}.here', { worker, starts }, { eventId: 'the-one' });
    await pause(600000, signal);
  }
}
`,
  'rules/react.yaml': `name: react\npack: ${PACK}\nenabled: true\ntrigger:\n  type: ${PACK}.here\naction:\n  ref: core.noop\n`,
};

let folder: string;
let platform: TestPlatform;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sensor-moves-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, 'packs', PACK, file, '..'), { recursive: true });
    writeFileSync(join(folder, 'packs', PACK, file), text);
  }
  compileWorker();
  const sensorTaskQueue = `sensors-${randomUUID()}`;
  const packPaths = [join(folder, 'packs'), join(ROOT, 'packs')];
  platform = await startPlatform({ sensorTaskQueue, packPaths, rules: true });
  await Promise.all([startWorker(sensorTaskQueue), startWorker(sensorTaskQueue)]);
}, 150_000);
afterAll(async () => {
  await platform.stop();
  for (const worker of workers) worker.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}, 90_000);

/** The worker finds the sensors' API and the failure converter beside itself, so all three are compiled; libraries stay where they are. */
function compileWorker(): void {
  buildSync({
    entryPoints: {
      worker: join(__dirname, 'worker-program.ts'),
      api: join(ROOT, 'sensors/api.ts'),
      'failure-converter': join(ROOT, 'src/adapters/temporal/failure-converter.ts'),
    },
    outdir: folder,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
}

async function startWorker(taskQueue: string): Promise<void> {
  const setting: SensorWorkerSetting = {
    temporal: temporalAddress(),
    namespace: platform.name,
    taskQueue,
    codecKeyHex: Buffer.from(platform.codecKey).toString('hex'),
    broker: kafkaBroker(),
    topicPrefix: platform.name,
    cacheDirectory: join(folder, 'cache'),
  };
  const worker = spawn(process.execPath, [join(folder, 'worker.js'), JSON.stringify(setting)], {
    env: { PATH: process.env['PATH'], NODE_PATH: join(ROOT, 'node_modules') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.push(worker);
  let output = '';
  worker.stdout.on('data', (data: Buffer) => (output += data.toString()));
  await until('a sensor worker is ready', () => output.includes('ready'), 60_000);
}

async function eventsOfSensor(): Promise<LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  for await (const event of platform.kafka.eventLog.all()) if (event.trigger === `${PACK}.here`) found.push(event);
  return found;
}

const rows = async (path: string): Promise<unknown[]> =>
  (await send(platform.base, { method: 'GET', path, headers: {}, body: null })).body as unknown[];

test('a sensor whose process is killed runs elsewhere within 10 s; what it tells again takes effect once', async () => {
  const [first] = await until('the sensor runs', async () => {
    const events = await eventsOfSensor();
    return events.length > 0 && events;
  });
  const here = workers.find(({ pid }) => pid === first?.payload['worker']);
  expect(here).toBeDefined();
  const killedAt = Date.now();
  here?.kill('SIGKILL');
  const [, second] = await until('the sensor runs elsewhere', async () => {
    const events = await eventsOfSensor();
    return events.length > 1 && events;
  });
  expect(Date.now() - killedAt).toBeLessThan(MOVES_WITHIN_MS);
  const elsewhere = workers.find((worker) => worker !== here)?.pid;
  expect(second).toMatchObject({ eventId: 'the-one', payload: { worker: elsewhere } });

  // A later event of the rule's own, whose effect shows that the rule service is past both.
  await platform.kafka.eventLog.publish({
    trigger: `${PACK}.here`,
    source: second?.source ?? '',
    eventId: 'marker',
    occurredAt: new Date().toISOString(),
    payload: {},
  });
  const statuses = async (): Promise<string[]> =>
    ((await rows(`/v1/ruleenforcements?rule_ref=${PACK}.react`)) as { status: string }[]).map(({ status }) => status);
  await until('the marker is enforced', async () => (await statuses()).length >= 3);
  expect((await statuses()).sort()).toEqual(['deduplicated', 'succeeded', 'succeeded']);
  const executions = () => rows(`/v1/executions?rule=${PACK}.react&limit=-1`);
  await until('executions are projected', async () => (await executions()).length >= 2);
  expect(await executions()).toHaveLength(2);
}, 60_000);
