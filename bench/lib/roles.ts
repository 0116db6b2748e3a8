import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DIST } from '../../src/bin/project-root';
import { loadScripts } from './scripts';
import type { ServerAddresses, Workshop } from './workshop';

// The api goes first: it registers the packs, and the others find the tables, topics and search attributes made.
const ROLES = ['api', 'rules', 'worker', 'audit'] as const;

/**
 * Starts Everstorm's roles as they run in production, a process each, with one pack of the benchmark's own (file → its text); answers the API's
 * URL. Throws SetupError with the log of the process that did not come up.
 */
export async function startRoles(
  workshop: Workshop,
  servers: ServerAddresses,
  pack: Readonly<Record<string, string>>,
): Promise<string> {
  const { findFreePorts } = await loadScripts();
  const [port = 0] = await findFreePorts(1);
  const packs = join(workshop.folder, 'packs');
  for (const [name, text] of Object.entries(pack)) {
    const file = join(packs, 'bench', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const env = {
    ...plainEnvironment(),
    NODE_ENV: 'production',
    EVERSTORM_HOME: join(workshop.folder, 'home'),
    EVERSTORM_TEMPORAL_ADDRESS: servers.temporal,
    EVERSTORM_KAFKA_BROKERS: servers.kafka,
    DATABASE_URL: servers.databaseUrl,
    EVERSTORM_CODEC_KEY: randomBytes(32).toString('hex'),
    EVERSTORM_API_PORT: String(port),
    EVERSTORM_PACK_PATHS: packs,
    EVERSTORM_AUDIT_FILE: join(workshop.folder, 'audit.jsonl'),
  };
  const program = join(DIST, 'src/bin/everstorm.js');
  for (const role of ROLES) {
    const args = ['--enable-source-maps', program, 'serve', role];
    await workshop.startProgram({ name: role, args, env, readyText: 'role started' });
  }
  return `http://127.0.0.1:${port}`;
}

/** Nothing of the developer's own platform settings reaches the processes that are measured. */
export function plainEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'EVERSTORM_TEST_RUN'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
