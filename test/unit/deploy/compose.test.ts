import { ROLE_NAMES } from '../../../src/bin/role-names';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { KNOWN_VARIABLES } from '../../../src/config/environment';
import { completeConfig, parsePlatformConfig } from '../../../src/config/platform-config';

const ROOT = resolve(__dirname, '../../..');
const read = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');

/** The roles of `everstorm serve` (design: processes). */
const ROLES = [...ROLE_NAMES].sort();

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  restart?: string;
  healthcheck?: { test: string[] };
  environment?: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const roles = services.filter(([, service]) => service.command?.[0] === 'serve');

/** What the shell would see: `${NAME:-default}` with NAME unset. */
const withDefaults = (environment: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace(/\$\{\w+:-([^}]*)\}/g, '$1')]),
  );

/** The value that one of scripts/lib exports: those are ES modules, which jest does not load. */
function exportOfScripts<T>(file: string, name: string): T {
  const url = pathToFileURL(resolve(ROOT, 'scripts/lib', file)).href;
  const code = `import(${JSON.stringify(url)}).then((m) => console.log(JSON.stringify(m[${JSON.stringify(name)}])))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' })) as T;
}

describe('docker-compose.yml', () => {
  it('has one service for each role, named after it and started as that role', () => {
    expect(roles.map(([name, service]) => [name, service.command]).sort()).toEqual(
      ROLES.map((role) => [role, ['serve', role]]),
    );
  });

  it.each(roles)('gives %s only variables that the configuration knows', (_name, service) => {
    const unknown = Object.keys(service.environment ?? {}).filter((name) => !KNOWN_VARIABLES.includes(name));
    expect(unknown).toEqual([]);
  });

  it.each(roles)('gives %s a complete configuration', (_name, service) => {
    const config = completeConfig(parsePlatformConfig(withDefaults(service.environment), '/app/packs'));
    expect(config.temporal.address).toBe('temporal:7233');
    expect(config.kafka.brokers).toEqual(['kafka:9092']);
    expect(config.databaseUrl).toMatch(/@postgres:5432\/everstorm$/);
    expect(config.codec.keyFile).toBe('/run/everstorm-keys/codec.key');
  });

  it('connects every role with servers that are services of the file and have a health check', () => {
    for (const [, service] of roles) {
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(compose.services).toHaveProperty(name);
        if (condition === 'service_healthy') expect(compose.services[name]).toHaveProperty('healthcheck');
      }
    }
  });

  it.each(roles)('asks %s itself whether it is ready', (_name, service) => {
    const port = /127\.0\.0\.1:(\d+)\/readyz/.exec(service.healthcheck?.test.join(' ') ?? '')?.[1];
    const { EVERSTORM_API_PORT: api, EVERSTORM_OPERATIONS_PORT: operations } = service.environment ?? {};
    expect([api, operations]).toContain(port);
  });

  it.each(services)('brings %s back when it dies, or at least knows its health', (_name, service) => {
    expect(service.restart ?? service.healthcheck).toBeDefined();
  });

  it('declares every named volume', () => {
    const used = services
      .flatMap(([, service]) => service.volumes ?? [])
      .map((volume) => volume.split(':')[0] as string)
      .filter((source) => !source.startsWith('.'));
    expect([...new Set(used)].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('publishes the ports at which its servers and the api listen', () => {
    expect(compose.services['api']?.environment?.['EVERSTORM_API_PORT']).toBe('9101');
    expect(compose.services['kafka']?.environment?.['KAFKA_ADVERTISED_LISTENERS']).toContain('PLAINTEXT://kafka:9092');
  });

  it('runs the Kafka version that the scripts start, with the same record limit', () => {
    const version = exportOfScripts<string>('kafka.mjs', 'KAFKA_VERSION');
    expect(compose.services['kafka']?.image).toBe(`apache/kafka:${version}`);
    const limit = /message\.max\.bytes=(\d+)/.exec(read('scripts/lib/services.mjs'))?.[1];
    expect(compose.services['kafka']?.environment?.['KAFKA_MESSAGE_MAX_BYTES']).toBe(limit);
  });

  it('gives Temporal the dynamic configuration that the dev server gets', () => {
    const file = 'deploy/temporal-dynamic-config.yaml';
    const dynamic = parse(read(file)) as Record<string, { value: unknown }[]>;
    const settings = Object.fromEntries(Object.entries(dynamic).map(([key, [first]]) => [key, first?.value]));
    expect(settings).toEqual(exportOfScripts('temporal.mjs', 'TEMPORAL_SETTINGS'));
    const temporal = compose.services['temporal'];
    const path = temporal?.environment?.['DYNAMIC_CONFIG_FILE_PATH'];
    expect(temporal?.volumes).toContain(`./${file}:${path}:ro`);
  });
});

describe('Dockerfile', () => {
  it('starts the program that package.json installs as `everstorm`', () => {
    const bin = (JSON.parse(read('package.json')) as { bin: { everstorm: string } }).bin.everstorm;
    const entrypoint = /^ENTRYPOINT (\[.*\])$/m.exec(read('Dockerfile'))?.[1];
    expect(JSON.parse(entrypoint ?? '[]')).toContain(`/app/${bin}`);
  });
});
