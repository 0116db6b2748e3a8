import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { ROLE_NAMES } from '../../../src/bin/role-names';

const ROOT = resolve(__dirname, '../../..');
const read = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');

/** Evaluates `expression`, in which `m` is scripts/lib/<file>: those are ES modules, which jest does not load. */
function inScripts<T>(file: string, expression: string): T {
  const url = pathToFileURL(resolve(ROOT, 'scripts/lib', file)).href;
  const code = `import(${JSON.stringify(url)}).then((m) => console.log(JSON.stringify(${expression})))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' })) as T;
}

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  stop_grace_period?: string;
}
const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const dockerfile = read('Dockerfile');

/** Variables that the image itself sets. */
const IMAGE = [...(/^ENV (NODE_ENV.*)$/m.exec(dockerfile)?.[1] ?? '').matchAll(/(\w+)=\S+/g)].map(([, name]) => name);
const ENTRYPOINT = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
/** Compose alone has it: the cluster starts no Web UI of Temporal. */
const NOT_IN_CLUSTER = ['EVERSTORM_TEMPORAL_UI_URL'];

const WHERE = `{ home: 'h', temporalAddress: 'temporal:7233', kafkaBrokers: 'kafka:9092', databaseUrl: 'd', codecKeyFile: 'k',
  apiUrl: 'u', operationsPort: 9102, apiPort: 9101, auditFile: 'a' }`;

describe('the cluster without Docker', () => {
  it('has the roles of the program, in its order', () => {
    expect(inScripts('cluster/roles.mjs', 'm.ROLES')).toEqual(ROLE_NAMES);
  });

  it.each(ROLE_NAMES)('starts %s with the command of docker-compose.yml', (role) => {
    const command = inScripts<string[]>('cluster/roles.mjs', `m.roleCommand('/app/dist', '${role}')`);
    expect(['node', ...command]).toEqual([...ENTRYPOINT, ...(services[role]?.command ?? [])]);
  });

  it.each(ROLE_NAMES)('gives %s the variables that docker-compose.yml and its image give it', (role) => {
    const given = inScripts<Record<string, string>>('cluster/roles.mjs', `m.roleEnvironment('${role}', ${WHERE})`);
    const composed = Object.keys(services[role]?.environment ?? {}).filter((name) => !NOT_IN_CLUSTER.includes(name));
    expect(Object.keys(given).sort()).toEqual([...composed, ...IMAGE].sort());
    for (const name of ['EVERSTORM_TEMPORAL_ADDRESS', 'EVERSTORM_KAFKA_BROKERS', 'EVERSTORM_OPERATIONS_PORT']) {
      expect(given[name]).toBe(services[role]?.environment?.[name]);
    }
  });

  it('leaves roles the same time to stop', () => {
    const ms = inScripts<number>('cluster/members.mjs', 'm.ROLE_STOP_MS');
    for (const role of ROLE_NAMES) expect(services[role]?.stop_grace_period).toBe(`${ms / 1000}s`);
  });

  it('runs the Temporal server of docker-compose.yml', () => {
    const version = inScripts<string>('temporal-server.mjs', 'm.TEMPORAL_SERVER_VERSION');
    expect(services['temporal']?.image).toBe(`temporalio/auto-setup:${version}`);
  });
});
