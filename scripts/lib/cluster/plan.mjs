import { join } from 'node:path';
import { ROOT } from '../paths.mjs';
import { SetupError } from '../run.mjs';
import { findBlock, findStablePorts, portFree } from './ports.mjs';
import { programFolder, ROLES } from './roles.mjs';
import { TEMPORAL_PORTS } from './temporal-on-postgres.mjs';

const USUAL_API_PORT = 9101;
const MOST = 20;

/** Names of a role's processes: `worker-1`, `worker-2` … */
export const roleNames = (counts) =>
  ROLES.flatMap((role) =>
    Array.from({ length: counts[role] }, (_, i) => ({ name: `${role}-${i + 1}`, role, index: i + 1 })),
  );

function portNames({ temporal, counts }) {
  const ofTemporal = temporal === 'dev' ? ['frontend'] : TEMPORAL_PORTS;
  return [
    'postgres',
    'kafka',
    'kafka-controller',
    ...ofTemporal.map((port) => `temporal-${port}`),
    ...roleNames(counts).map(({ name }) => `${name}-operations`),
  ];
}

function checked({ counts = {}, temporal = 'server', env = {}, dist = join(ROOT, 'dist'), durable = true }) {
  if (!['server', 'dev'].includes(temporal)) {
    throw new SetupError(`--temporal ${temporal}: expected server (on Postgres) or dev.`);
  }
  const all = Object.fromEntries(ROLES.map((role) => [role, counts[role] ?? 1]));
  for (const [role, count] of Object.entries(all)) {
    if (!Number.isInteger(count) || count < 0 || count > MOST) {
      throw new SetupError(`--${role} ${count}: expected a number of processes from 0 to ${MOST}.`);
    }
  }
  return { counts: all, temporal, env, dist: programFolder(dist), durable };
}

/**
 * What a cluster consists of, with a port for everything. The ports of the `previous` plan are kept where they are free (or where
 * `keepPorts` says that our own processes hold them), so that clients find everything where it was.
 * @param {{counts?: Record<string, number>, temporal?: 'server' | 'dev', env?: object, dist?: string, durable?: boolean, apiPort?: number}} options
 * @param {{previous?: object | null, keepPorts?: boolean}} history
 * @returns {Promise<{counts: object, temporal: string, env: object, dist: string, durable: boolean, ports: Record<string, number>}>}
 *   Throws SetupError naming the bad option.
 */
export async function makePlan(options, { previous = null, keepPorts = false } = {}) {
  const plan = checked(options);
  const ports = {};
  for (const name of portNames(plan)) {
    const known = previous?.ports[name];
    if (known !== undefined && (keepPorts || (await portFree(known)))) ports[name] = known;
  }
  const open = portNames(plan).filter((name) => ports[name] === undefined);
  const found = await findStablePorts(open.length, new Set(Object.values(ports)));
  open.forEach((name, i) => (ports[name] = found[i]));
  const known = previous?.ports['api-1'];
  const from = options.apiPort ?? known ?? USUAL_API_PORT;
  const first = keepPorts && known !== undefined ? known : await findBlock(from, Math.max(1, plan.counts.api));
  if (options.apiPort !== undefined && first !== options.apiPort) {
    throw new SetupError(`--api-port ${options.apiPort}: it or one of the next ${plan.counts.api - 1} is taken.`);
  }
  for (let i = 0; i < plan.counts.api; i++) ports[`api-${i + 1}`] = first + i;
  return { ...plan, ports };
}

/** Whether processes of one plan may go on under the other: all but the counts and new ports is the same. */
export const samePlan = (a, b) =>
  ['temporal', 'env', 'dist', 'durable'].every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
