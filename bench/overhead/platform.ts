import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DIST } from '../../src/bin/project-root';
import type { ServerAddresses, Workshop } from '../lib/workshop';
import { loadScripts } from '../lib/scripts';
import { ACTION, BARE_WORKER_READY, TRIGGER } from './names';

const ROLES = ['api', 'rules', 'worker', 'audit'] as const;
const SETTLES_WITHIN_MS = 60_000;

/** Everstorm's roles as they run in production: a process each. */
export interface Platform {
  apiUrl: string;
  /** Resolves once the read model shows this many succeeded executions: nothing of ours works any more then. */
  settled(executions: number): Promise<void>;
}

/** Starts the bare side's worker and Everstorm's roles. Throws SetupError with the log of the process that did not come up. */
export async function startSides(workshop: Workshop, servers: ServerAddresses): Promise<Platform> {
  const { findFreePorts } = await loadScripts();
  const [port = 0] = await findFreePorts(1);
  const apiUrl = `http://127.0.0.1:${port}`;
  const env = { ...plainEnvironment(), ...platformEnvironment(workshop.folder, servers, port) };
  await workshop.startProgram({
    name: 'bare-worker',
    args: [join(__dirname, 'bare-worker.js'), servers.temporal],
    env: plainEnvironment(),
    readyText: BARE_WORKER_READY,
  });
  const program = join(DIST, 'src/bin/everstorm.js');
  // The api goes first: it registers the packs, and the others find the tables, topics and search attributes made.
  for (const role of ROLES) {
    const args = ['--enable-source-maps', program, 'serve', role];
    await workshop.startProgram({ name: role, args, env, readyText: 'role started' });
  }
  return { apiUrl, settled: (executions) => untilShown(apiUrl, executions) };
}

/** Nothing of the developer's own platform settings reaches the processes that are measured. */
function plainEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'EVERSTORM_TEST_RUN'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function platformEnvironment(folder: string, servers: ServerAddresses, port: number): Record<string, string> {
  const packs = join(folder, 'packs');
  writePack(join(packs, 'bench'));
  return {
    NODE_ENV: 'production',
    EVERSTORM_HOME: join(folder, 'home'),
    EVERSTORM_TEMPORAL_ADDRESS: servers.temporal,
    EVERSTORM_KAFKA_BROKERS: servers.kafka,
    DATABASE_URL: servers.databaseUrl,
    EVERSTORM_CODEC_KEY: randomBytes(32).toString('hex'),
    EVERSTORM_API_PORT: String(port),
    EVERSTORM_PACK_PATHS: packs,
    EVERSTORM_AUDIT_FILE: join(folder, 'audit.jsonl'),
  };
}

/** A trigger and a rule that starts {@link ACTION} for each of its events. */
function writePack(pack: string): void {
  const files = {
    'pack.yaml':
      'name: bench\ndescription: What the benchmark needs\nversion: 1.0.0\nauthor: Everstorm\nemail: bench@example.com\n',
    'triggers/event.yaml': `name: event\ndescription: An event of the benchmark\npayload_schema:\n  type: object\n  properties:\n    host:\n      type: string\n      required: true\n`,
    'rules/noop.yaml': `name: noop\ndescription: Does nothing\nenabled: true\ntrigger:\n  type: ${TRIGGER}\ncriteria:\n  trigger.host:\n    type: startswith\n    pattern: host\naction:\n  ref: ${ACTION}\n  parameters: {}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(pack, name, '..'), { recursive: true });
    writeFileSync(join(pack, name), text);
  }
}

async function untilShown(apiUrl: string, executions: number): Promise<void> {
  for (const end = Date.now() + SETTLES_WITHIN_MS; ; await delay(25)) {
    const answer = await fetch(`${apiUrl}/api/v1/executions?limit=1&status=succeeded`);
    await answer.arrayBuffer();
    const shown = Number(answer.headers.get('x-total-count'));
    if (shown >= executions) return;
    if (Date.now() > end) throw new Error(`the read model shows ${shown} of ${executions} executions`);
  }
}
