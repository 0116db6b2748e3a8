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
 * How Temporal's dev server is started on 127.0.0.1.
 * @param {{port: number, uiPort?: number, dbFile: string, codecEndpoint?: string, log?: (line: string) => void}} options without `uiPort`
 *   there is no Web UI; `codecEndpoint` is what the Web UI asks to decode payloads.
 * @returns {Promise<{name: string, command: string, args: string[], healthy: () => Promise<boolean>}>} Throws SetupError.
 */
export async function temporalProgram({ port, uiPort, dbFile, codecEndpoint, log = quiet }) {
  const command = await ensureTemporalCli({ log });
  await refuseTakenPorts('Temporal', [port, uiPort]);
  mkdirSync(dirname(dbFile), { recursive: true });
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--db-filename', dbFile];
  args.push('--namespace', 'default', '--log-level', 'error');
  if (uiPort === undefined) args.push('--headless');
  else args.push('--ui-ip', '127.0.0.1', '--ui-port', String(uiPort));
  if (uiPort !== undefined && codecEndpoint) args.push('--ui-codec-endpoint', codecEndpoint);
  for (const [key, value] of Object.entries(TEMPORAL_SETTINGS))
    args.push('--dynamic-config-value', `${key}=${JSON.stringify(value)}`);
  for (const [key, value] of Object.entries(TEMPORAL_SQLITE_PRAGMAS)) args.push('--sqlite-pragma', `${key}=${value}`);
  return { name: 'Temporal', command, args, healthy: () => temporalHealthy({ port }) };
}

/**
 * Starts Temporal's dev server and waits until it serves: {@link temporalProgram}, with its output in `logFile`.
 * @returns {Promise<{pid: number, exited: Promise<void>, stop: () => Promise<void>}>} Throws SetupError.
 */
export async function startTemporal({ logFile, detached = false, ...options }) {
  return startChild({ ...(await temporalProgram(options)), logFile, detached });
}

/** The broker's session is short because a broker that was killed may register again only when its former session has run out (9 s by default). */
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
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
`;
}

/**
 * How a one-node Apache Kafka (KRaft) is started on 127.0.0.1; formats `dataDir` when new.
 * @param {{port: number, controllerPort: number, dataDir: string, log?: (line: string) => void}} options
 * @returns {Promise<{name: string, command: string, args: string[], healthy: () => Promise<boolean>}>} Throws SetupError.
 */
export async function kafkaProgram({ port, controllerPort, dataDir, log = quiet }) {
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
  return { name: 'Kafka', command: java, args, healthy: () => kafkaHealthy({ port }) };
}

/**
 * Starts Kafka and waits until the broker answers: {@link kafkaProgram}, with its output in `logFile`.
 * @returns {Promise<{pid: number, exited: Promise<void>, stop: () => Promise<void>}>} Throws SetupError.
 */
export async function startKafka({ logFile, detached = false, ...options }) {
  return startChild({ ...(await kafkaProgram(options)), logFile, detached });
}

export { findFreePorts, kafkaHealthy, portTaken, temporalHealthy } from './probes.mjs';
