import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startChild } from './child.mjs';
import { ensureKafka } from './kafka.mjs';
import { kafkaHealthy, portTaken, temporalHealthy } from './probes.mjs';
import { run, SetupError, tail } from './run.mjs';
import { ensureTemporalCli, TEMPORAL_SETTINGS, TEMPORAL_SQLITE_PRAGMAS } from './temporal.mjs';

const quiet = () => undefined;

async function refuseTakenPorts(name, ports) {
  for (const port of ports) {
    if (port !== undefined && (await portTaken({ port }))) {
      throw new SetupError(
        `${name}: port ${port} is taken by another program. Stop that program or choose another port.`,
      );
    }
  }
}

/**
 * Starts Temporal's dev server on 127.0.0.1 and waits until it serves.
 * @param {{port: number, uiPort?: number, dbFile: string, logFile: string, codecEndpoint?: string, detached?: boolean,
 *   log?: (line: string) => void}} options without `uiPort` there is no Web UI; `codecEndpoint` is what the Web UI asks to
 *   decode payloads.
 * @returns {Promise<{pid: number, exited: Promise<void>, stop: () => Promise<void>}>} Throws SetupError.
 */
export async function startTemporal({ port, uiPort, dbFile, logFile, codecEndpoint, detached = false, log = quiet }) {
  const command = await ensureTemporalCli({ log });
  await refuseTakenPorts('Temporal', [port, uiPort]);
  mkdirSync(dirname(dbFile), { recursive: true });
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--db-filename', dbFile];
  args.push('--namespace', 'default', '--log-level', 'error');
  if (uiPort === undefined) args.push('--headless');
  else args.push('--ui-ip', '127.0.0.1', '--ui-port', String(uiPort));
  if (uiPort !== undefined && codecEndpoint) args.push('--ui-codec-endpoint', codecEndpoint);
  for (const [key, value] of Object.entries(TEMPORAL_SETTINGS)) args.push('--dynamic-config-value', `${key}=${value}`);
  for (const [key, value] of Object.entries(TEMPORAL_SQLITE_PRAGMAS)) args.push('--sqlite-pragma', `${key}=${value}`);
  const healthy = () => temporalHealthy({ port });
  return startChild({ name: 'Temporal', command, args, logFile, healthy, detached });
}

function serverProperties({ port, controllerPort, dataDir }) {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(dataDir, 'log')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
num.partitions=4
auto.create.topics.enable=false
message.max.bytes=2097152
`;
}

/**
 * Starts a one-node Apache Kafka (KRaft) on 127.0.0.1 and waits until the broker answers; formats `dataDir` when new.
 * @param {{port: number, controllerPort: number, dataDir: string, logFile: string, detached?: boolean,
 *   log?: (line: string) => void}} options
 * @returns {Promise<{pid: number, exited: Promise<void>, stop: () => Promise<void>}>} Throws SetupError.
 */
export async function startKafka({ port, controllerPort, dataDir, logFile, detached = false, log = quiet }) {
  const { java, lib } = await ensureKafka({ log });
  await refuseTakenPorts('Kafka', [port, controllerPort]);
  mkdirSync(dataDir, { recursive: true });
  const properties = join(dataDir, 'server.properties');
  writeFileSync(properties, serverProperties({ port, controllerPort, dataDir }));
  const jvm = ['-Xms128m', '-Xmx512m', '-cp', join(lib, '*')];
  if (!existsSync(join(dataDir, 'log', 'meta.properties'))) {
    const clusterId = randomBytes(16).toString('base64url');
    const format = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', clusterId, '-c', properties];
    const { code, output } = await run(java, [...jvm, ...format], { timeoutMs: 60_000 });
    if (code !== 0) throw new SetupError(`Kafka could not format ${dataDir}:\n${tail(output)}`);
  }
  const args = [...jvm, 'kafka.Kafka', properties];
  const healthy = () => kafkaHealthy({ port });
  return startChild({ name: 'Kafka', command: java, args, logFile, healthy, detached });
}

export { findFreePorts, kafkaHealthy, portTaken, temporalHealthy } from './probes.mjs';
