import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerAddresses, Workshop } from '../lib/workshop';
import { plainEnvironment, startRoles } from '../lib/roles';
import { ACTION, BARE_WORKER_READY, TRIGGER } from './names';

const SETTLES_WITHIN_MS = 60_000;

/** Everstorm's roles as they run in production: a process each. */
export interface Platform {
  apiUrl: string;
  /** Resolves once the read model shows this many succeeded executions: nothing of ours works any more then. */
  settled(executions: number): Promise<void>;
}

/** Starts the bare side's worker and Everstorm's roles. Throws SetupError with the log of the process that did not come up. */
export async function startSides(workshop: Workshop, servers: ServerAddresses): Promise<Platform> {
  await workshop.startProgram({
    name: 'bare-worker',
    args: [join(__dirname, 'bare-worker.js'), servers.temporal],
    env: plainEnvironment(),
    readyText: BARE_WORKER_READY,
  });
  const apiUrl = await startRoles(workshop, servers, PACK);
  return { apiUrl, settled: (executions) => untilShown(apiUrl, executions) };
}

/** A trigger and a rule that starts {@link ACTION} for each of its events. */
const PACK = {
  'pack.yaml':
    'name: bench\ndescription: What the benchmark needs\nversion: 1.0.0\nauthor: Everstorm\nemail: bench@example.com\n',
  'triggers/event.yaml': `name: event\ndescription: An event of the benchmark\npayload_schema:\n  type: object\n  properties:\n    host:\n      type: string\n      required: true\n`,
  'rules/noop.yaml': `name: noop\ndescription: Does nothing\nenabled: true\ntrigger:\n  type: ${TRIGGER}\ncriteria:\n  trigger.host:\n    type: startswith\n    pattern: host\naction:\n  ref: ${ACTION}\n  parameters: {}\n`,
};

async function untilShown(apiUrl: string, executions: number): Promise<void> {
  for (const end = Date.now() + SETTLES_WITHIN_MS; ; await delay(25)) {
    const answer = await fetch(`${apiUrl}/api/v1/executions?limit=1&status=succeeded`);
    await answer.arrayBuffer();
    const shown = Number(answer.headers.get('x-total-count'));
    if (shown >= executions) return;
    if (Date.now() > end) throw new Error(`the read model shows ${shown} of ${executions} executions`);
  }
}
