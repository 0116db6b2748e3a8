import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { createActionDesk } from '../../../activities/action-desk';
import { createExecutionHandlers } from '../../../activities/execution-activities';
import { createActionRunners } from '../../../activities/runners/registry';
import { createSupervisor } from '../../../activities/supervisor/client';
import { createKafka } from '../../../src/adapters/kafka/create-kafka';
import type { KafkaParts } from '../../../src/adapters/kafka/create-kafka';
import { createStore } from '../../../src/adapters/postgres/create-store';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { createTemporal } from '../../../src/adapters/temporal/create-temporal';
import type { Temporal } from '../../../src/adapters/temporal/create-temporal';
import { connectWorkers, createExecutionWorker } from '../../../src/adapters/temporal/worker';
import { createHttpApp } from '../../../src/http/app';
import { systemPrincipal } from '../../../src/model/principal';
import { RUNNER_TYPES } from '../../../src/model/runner-types';
import type { Store } from '../../../src/ports/store';
import { createServices } from '../../../src/services/create-services';
import type { Services } from '../../../src/services/create-services';
import { createDefinitionCache } from '../../../src/services/definition-cache';
import { createHousekeeper } from '../../../src/services/pack-registration/desired-housekeeping';
import { createRuleService } from '../../../src/services/rule-service';
import { problemWithoutValues } from '../../../src/services/schema-validation';
import { createPackRegistration } from '../../../src/services/pack-registration';
import { startProjection } from '../../../src/services/projection';
import { createMetrics } from '../../../src/telemetry/metrics';
import { kafkaBroker, temporalAddress } from '../../helpers/addresses';
import { compileSupervisor } from '../../helpers/supervisor-script';
import { workflowBundle } from '../../helpers/workflow-bundle';

/** Origin of the Web UI that the API knows. */
export const TEMPORAL_UI = 'http://127.0.0.1:8233';

export interface TestPlatform {
  /** Where the API answers. */
  base: string;
  /** Prefix of the topics and name of the execution task queue. */
  name: string;
  codecKey: Uint8Array;
  store: Store;
  services: Services;
  kafka: KafkaParts;
  temporal: Temporal;
  stop(): Promise<void>;
}

export interface PlatformOptions {
  /** Where sensors' activities run; the test starts the workers. */
  sensorTaskQueue?: string;
  /** Also the rule service and the housekeeper. Default false. */
  rules?: boolean;
  /** Directories of packs; default those that are shipped. */
  packPaths?: readonly string[];
}

/**
 * API, execution worker and audit projection in this process, on a store, topics and a task queue of their own.
 * The test file must load PGlite through helpers/native-pglite.
 */
export async function startPlatform(options: PlatformOptions = {}): Promise<TestPlatform> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.reverse()) await close();
  };
  const name = `platform-${randomUUID()}`;
  const log = pino({ level: 'silent' });
  const directory = mkdtempSync(join(tmpdir(), 'platform-'));
  closers.push(() => rmSync(directory, { recursive: true, force: true }));
  const store = await createStore({ directory: join(directory, 'database') });
  closers.push(() => store.close());
  await store.migrate();

  const codecKey = randomBytes(32);
  const address = temporalAddress();
  const temporal = await createTemporal({
    address,
    namespace: name,
    codecKey,
    executionTaskQueue: name,
    ...(options.sensorTaskQueue !== undefined && { sensorTaskQueue: options.sensorTaskQueue }),
  });
  closers.push(() => temporal.close());
  await temporal.prepare();
  const kafka = createKafka({
    brokers: [kafkaBroker()],
    topicPrefix: name,
    clientId: name,
    platform: store.platform,
    log: () => undefined,
  });
  closers.push(() => kafka.close());
  await kafka.ensureTopics();

  const registration = createPackRegistration({
    store,
    packPaths: options.packPaths ?? [resolve(__dirname, '../../../packs')],
    runnerTypes: new Set(RUNNER_TYPES.keys()),
    log,
  });
  await registration.register(systemPrincipal('system'));
  const services = createServices(
    {
      store,
      executions: temporal.executions,
      backfills: temporal.backfills,
      deployments: temporal.deployments,
      shards: temporal.shards,
      events: kafka.eventLog,
      deadLetters: kafka.deadLetters,
      rulesGroup: `${name}.rules`,
      runnerTypes: [...RUNNER_TYPES.values()].map(({ type }) => type),
      webUiBase: 'https://localhost',
      now: Date.now,
    },
    async (principal, request) => ({ ...(await registration.register(principal, request)).counts }),
  );
  const app = createHttpApp({
    services,
    health: [kafka.health, temporal.health],
    metrics: createMetrics(),
    codecHandlers: temporal.codecEndpoint,
    temporalUiOrigin: TEMPORAL_UI,
    log,
    version: '0.1.0',
  });
  const server = app.listen(0, '127.0.0.1');
  closers.push(() => new Promise((done) => server.close(done)));
  await new Promise((done) => server.once('listening', done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const projection = await startProjection({
    store,
    events: kafka.eventLog.feed(),
    deadLetters: kafka.deadLetters.feed(),
    audit: kafka.auditLog.feed(),
    sinks: [],
    group: name,
  });
  closers.push(() => projection.stop());
  closers.push(await startWorker({ address, taskQueue: name, codecKey, kafka, apiUrl: `${base}/api` }));
  if (options.rules === true) closers.push(await startRules({ store, kafka, temporal, name }));
  return { base, name, codecKey, store, services, kafka, temporal, stop };
}

async function startRules({ store, kafka, temporal, name }: RuleSetting): Promise<() => Promise<void>> {
  const log = pino({ level: 'silent' });
  const service = createRuleService({
    feed: kafka.eventLog.feed(),
    deadLetters: kafka.deadLetters,
    executions: temporal.executions,
    store,
    definitions: createDefinitionCache({ definitions: store.definitions, onReloadFailed: () => undefined }),
    validatePayload: problemWithoutValues,
    runnerType: (runner) => RUNNER_TYPES.get(runner)?.type,
    group: `${name}.rules`,
    log,
    now: Date.now,
  });
  const housekeeper = createHousekeeper({ store, housekeeping: temporal.housekeeping, shards: temporal.shards, log });
  await service.start();
  await housekeeper.start();
  return async () => {
    await housekeeper.stop();
    await temporal.housekeeping.reconcileSensors([]);
    await temporal.housekeeping.reconcileTimers([]);
    await service.stop();
  };
}

interface RuleSetting {
  store: Store;
  kafka: KafkaParts;
  temporal: Temporal;
  name: string;
}

interface WorkerSetting {
  address: string;
  taskQueue: string;
  codecKey: Uint8Array;
  kafka: KafkaParts;
  apiUrl: string;
}

async function startWorker({
  address,
  taskQueue,
  codecKey,
  kafka,
  apiUrl,
}: WorkerSetting): Promise<() => Promise<void>> {
  const desk = createActionDesk();
  // Temporal is within reach all the time.
  const contact = setInterval(() => desk.contact(), 1_000);
  const supervisor = createSupervisor({ script: compileSupervisor() });
  const connection = await connectWorkers(address);
  const { activities, sinks, close } = createExecutionHandlers({
    desk,
    workerQueue: `worker-${taskQueue}`,
    isOpen: () => Promise.resolve(true),
    endedByItself: () => Promise.resolve(true),
    auditLog: kafka.auditLog,
    eventLog: kafka.eventLog,
    runners: createActionRunners({ supervisor, apiUrl, baseEnv: { PATH: process.env['PATH'] ?? '' } }),
    hostname: hostname(),
    pid: process.pid,
  });
  const worker = await createExecutionWorker({
    connection,
    namespace: taskQueue,
    taskQueue,
    codec: createCodec(codecKey),
    bundlePath: await workflowBundle(),
    activities,
    sinks,
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    clearInterval(contact);
    await close(5_000);
    await supervisor.close();
    await connection.close();
  };
}
