import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.mjs';
import { run, SetupError, tail } from '../run.mjs';
import { ensureTemporalServer } from '../temporal-server.mjs';

/** Databases of the server, and which of the schemas inside its tool each gets. */
const DATABASES = { temporal: 'postgresql/v12/temporal', temporal_visibility: 'postgresql/v12/visibility' };
const SERVICES = ['frontend', 'matching', 'history', 'worker'];

/** Names of the ports that the server listens at: one for calls and one for its membership protocol for each of its four services. */
export const TEMPORAL_PORTS = SERVICES.flatMap((service) => [service, `${service}-membership`]);

const datastore = (database, port, connections) => ({
  sql: {
    pluginName: 'postgres12',
    databaseName: database,
    connectAddr: `127.0.0.1:${port}`,
    connectProtocol: 'tcp',
    user: 'postgres',
    password: '',
    maxConns: connections,
    maxIdleConns: connections,
    maxConnLifetime: '1h',
  },
});

/** The server's configuration: all four services in one process, as temporalio/auto-setup runs them. JSON is YAML. */
function configuration({ ports, postgresPort }) {
  const rpc = (service) => ({
    rpc: { grpcPort: ports[service], membershipPort: ports[`${service}-membership`], bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4,
      datastores: {
        default: datastore('temporal', postgresPort, 20),
        visibility: datastore('temporal_visibility', postgresPort, 10),
      },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(SERVICES.map((service) => [service, rpc(service)])),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${ports.frontend}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } },
    namespaceDefaults: { archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } } },
    dynamicConfigClient: { filepath: join(ROOT, 'deploy/temporal-dynamic-config.yaml'), pollInterval: '60s' },
  };
}

/** Makes the databases and brings their tables up to date; each step may be repeated. Postgres must answer. Throws SetupError. */
export async function prepareTemporalDatabases({ postgresPort, log }) {
  const { sqlTool } = await ensureTemporalServer({ log });
  const tool = async (database, ...words) => {
    const to = ['--plugin', 'postgres12', '--ep', '127.0.0.1', '-p', String(postgresPort), '-u', 'postgres'];
    const { code, output } = await run(sqlTool, [...to, '--db', database, ...words], { timeoutMs: 120_000 });
    if (code !== 0)
      throw new SetupError(`Temporal's database could not be set up (${words.join(' ')}):\n${tail(output)}`);
  };
  const prepare = async ([database, schema]) => {
    await tool(database, 'create-database', '--defaultdb', 'postgres');
    await tool(database, 'setup-schema', '-v', '0.0');
    await tool(database, 'update-schema', '--schema-name', schema);
  };
  await Promise.all(Object.entries(DATABASES).map(prepare));
}

/** How the server is started; writes its configuration into `folder`. Throws SetupError. */
export async function temporalServerProgram({ folder, ports, postgresPort, log }) {
  const { server } = await ensureTemporalServer({ log });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cluster.yaml'), JSON.stringify(configuration({ ports, postgresPort }), null, 2));
  return { command: server, args: ['--root', folder, '--config', '.', '--env', 'cluster', '--allow-no-auth', 'start'] };
}
