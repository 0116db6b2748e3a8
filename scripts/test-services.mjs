import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres, startPostgres } from './lib/postgres.mjs';
import { main } from './lib/run.mjs';
import { findFreePorts, startKafka, startTemporal } from './lib/services.mjs';

/**
 * The real servers of a test run, kept by one process: prints their addresses as one JSON line on stdout, keeps them until
 * stdin closes or a signal comes, then stops all and removes their data. So they end with whoever started it, even by kill -9.
 * Servers named in the environment (EVERSTORM_TEST_TEMPORAL, _KAFKA, _POSTGRES) are used as they are.
 */
const log = (line) => console.error(line);

async function startServers(folder) {
  const [temporal, kafka, controller, postgres] = await findFreePorts(4);
  const logFile = (name) => join(folder, `${name}.log`);
  const addresses = {};
  const starts = [];
  const start = (promise, name, address) => {
    addresses[name] = address;
    starts.push(promise);
  };
  if (!process.env.EVERSTORM_TEST_TEMPORAL) {
    const options = { port: temporal, dbFile: join(folder, 'temporal/db'), logFile: logFile('temporal'), log };
    start(startTemporal(options), 'EVERSTORM_TEST_TEMPORAL', `127.0.0.1:${temporal}`);
  }
  if (!process.env.EVERSTORM_TEST_KAFKA) {
    const ports = { port: kafka, controllerPort: controller };
    const options = { ...ports, dataDir: join(folder, 'kafka'), logFile: logFile('kafka'), log };
    start(startKafka(options), 'EVERSTORM_TEST_KAFKA', `127.0.0.1:${kafka}`);
  }
  const bin = findPostgres();
  if (bin && !process.env.EVERSTORM_TEST_POSTGRES) {
    const options = { bin, port: postgres, folder: join(folder, 'postgres'), logFile: logFile('postgres') };
    const url = `postgres://postgres@127.0.0.1:${postgres}/postgres`;
    start(startPostgres(options), 'EVERSTORM_TEST_POSTGRES', url);
  }
  const settled = await Promise.allSettled(starts);
  const servers = settled.filter((one) => one.status === 'fulfilled').map((one) => one.value);
  return { addresses, servers, failure: settled.find((one) => one.status === 'rejected')?.reason };
}

/** Listens from the start on, so that an end asked for while the servers come up is not missed. */
const asked = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
  process.stdin.on('end', resolve).on('error', resolve).resume();
});

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'everstorm-test-'));
  chmodSync(folder, 0o755); // Postgres runs as another user
  try {
    const { addresses, servers, failure } = await startServers(folder);
    try {
      if (failure) throw failure;
      console.log(JSON.stringify(addresses));
      await asked;
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  } finally {
    process.stdin.destroy();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
