import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgres, postgresProgram } from '../postgres.mjs';
import { kafkaHealthy, postgresHealthy, temporalHealthy } from '../probes.mjs';
import { kafkaProgram, temporalProgram } from '../services.mjs';
import { SetupError } from '../run.mjs';
import { roleNames } from './plan.mjs';
import { roleCommand, roleEnvironment } from './roles.mjs';
import { TEMPORAL_PORTS, temporalServerProgram } from './temporal-on-postgres.mjs';

/** As long as docker-compose.yml's stop_grace_period (a test compares them). */
export const ROLE_STOP_MS = 50_000;
const SERVICE_STOP_MS = 20_000;

/** Files and addresses of a cluster that several places name. */
export function clusterPlaces(home, { ports, counts }) {
  const apis = Array.from({ length: counts.api }, (_, i) => `http://127.0.0.1:${ports[`api-${i + 1}`]}`);
  return {
    temporalAddress: `127.0.0.1:${ports['temporal-frontend']}`,
    kafkaBrokers: `127.0.0.1:${ports.kafka}`,
    databaseUrl: `postgres://postgres@127.0.0.1:${ports.postgres}/everstorm`,
    codecKeyFile: join(home, 'codec.key'),
    auditFile: join(home, 'audit.jsonl'),
    apiUrl: apis[0] ?? null,
    apiUrls: apis,
  };
}

/** What processes get of the environment of `up`: everything but settings of the platform, which would lead them elsewhere. */
export const plainEnvironment = (env = process.env) =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(EVERSTORM_(?!TEST_RUN|CACHE)|DATABASE_URL|NODE_OPTIONS$|npm_)/.test(name),
    ),
  );

const answers = (healthy, what) => async () => ((await healthy()) ? '' : `${what} does not answer`);

function services(home, plan, log) {
  const { ports } = plan;
  const env = plainEnvironment();
  const logFile = (name) => join(home, 'logs', `${name}.log`);
  const common = (name, port) => ({
    name,
    kind: name,
    index: 1,
    port,
    operationsPort: null,
    logFile: logFile(name),
    stopSignal: 'SIGTERM',
    stopMs: SERVICE_STOP_MS,
  });
  const ofTemporal = Object.fromEntries(TEMPORAL_PORTS.map((name) => [name, ports[`temporal-${name}`]]));
  const temporal = ports['temporal-frontend'];
  return [
    {
      ...common('postgres', ports.postgres),
      ports: { postgres: ports.postgres },
      stopSignal: 'SIGINT',
      missing: answers(() => postgresHealthy({ port: ports.postgres }), 'Postgres'),
      program: async () => {
        const bin = findPostgres();
        if (!bin) throw new SetupError('Postgres was not found.');
        const options = { bin, port: ports.postgres, folder: join(home, 'postgres'), durable: plan.durable };
        return { ...(await postgresProgram(options)), env };
      },
    },
    {
      ...common('kafka', ports.kafka),
      ports: { kafka: ports.kafka, controller: ports['kafka-controller'] },
      missing: answers(() => kafkaHealthy({ port: ports.kafka }), 'Kafka'),
      program: async () => {
        const options = {
          port: ports.kafka,
          controllerPort: ports['kafka-controller'],
          dataDir: join(home, 'kafka'),
          log,
        };
        return { ...(await kafkaProgram(options)), env };
      },
    },
    {
      ...common('temporal', temporal),
      ports: plan.temporal === 'dev' ? { frontend: temporal } : ofTemporal,
      missing: answers(() => temporalHealthy({ port: temporal }), 'Temporal'),
      program: async () => {
        const dev = { port: temporal, dbFile: join(home, 'temporal', 'dev.db'), log };
        const server = { folder: join(home, 'temporal'), ports: ofTemporal, postgresPort: ports.postgres, log };
        return { ...(await (plan.temporal === 'dev' ? temporalProgram(dev) : temporalServerProgram(server))), env };
      },
    },
  ];
}

/** '' when /readyz says 200, else what it names. */
async function readiness(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4_000) });
    if (answer.ok) return '';
    const { missing = [] } = await answer.json();
    return missing.map(({ name, reason }) => `${name}: ${reason}`).join('; ') || `status ${answer.status}`;
  } catch (error) {
    return error.name === 'TimeoutError' ? 'no answer' : 'not listening';
  }
}

function role(home, plan, { name, role: kind, index }) {
  const { ports } = plan;
  const operationsPort = ports[`${name}-operations`];
  const apiPort = ports[name];
  const roleHome = join(home, 'roles', name);
  return {
    name,
    kind,
    index,
    port: apiPort ?? null,
    ports: { ...(apiPort !== undefined && { api: apiPort }), operations: operationsPort },
    operationsPort,
    logFile: join(home, 'logs', `${name}.log`),
    stopSignal: 'SIGTERM',
    stopMs: ROLE_STOP_MS,
    missing: () => readiness(operationsPort),
    program: async (change) => {
      mkdirSync(roleHome, { recursive: true });
      try {
        symlinkSync(join(home, 'configs'), join(roleHome, 'configs')); // pack configurations: a volume for all, as it were
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const at = { ...clusterPlaces(home, plan), home: roleHome, operationsPort, apiPort };
      const env = { ...plainEnvironment(), ...roleEnvironment(kind, at), ...plan.env, ...change.env };
      return { command: process.execPath, args: roleCommand(change.dist ?? plan.dist, kind), env, cwd: roleHome };
    },
  };
}

/** What each process of the plan is: servers first, then roles, each in the order of starting (member.mjs tells the shape). */
export const memberSpecs = (home, plan, log) => [
  ...services(home, plan, log),
  ...roleNames(plan.counts).map((one) => role(home, plan, one)),
];
