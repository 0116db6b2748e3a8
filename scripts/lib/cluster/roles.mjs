import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SetupError } from '../run.mjs';

/** Roles in the order in which they start (src/bin/role-names.ts; a test compares them). They stop in the opposite one. */
export const ROLES = Object.freeze(['audit', 'worker', 'rules', 'api', 'sensors']);

const programOf = (dist) => join(dist, 'src/bin/everstorm.js');

/** Absolute path of a folder that `npm run build` made. Throws SetupError when the program is not in it. */
export function programFolder(dist) {
  const folder = resolve(dist);
  if (existsSync(programOf(folder))) return folder;
  throw new SetupError(`--dist ${dist}: ${programOf(folder)} does not exist (npm run build makes it).`);
}

/** What Node is given to serve one role from a program folder (`dist`). */
export const roleCommand = (dist, role) => ['--enable-source-maps', programOf(dist), 'serve', role];

/**
 * The environment of one role process: the variables of the role's service in docker-compose.yml and of its image (a test compares them).
 * @param {string} role
 * @param {{home: string, temporalAddress: string, kafkaBrokers: string, databaseUrl: string, codecKeyFile: string, apiUrl: string,
 *   operationsPort: number, apiPort?: number, auditFile: string}} at where everything is for this process
 */
export function roleEnvironment(role, at) {
  return {
    NODE_ENV: 'production',
    EVERSTORM_HOME: at.home,
    EVERSTORM_TEMPORAL_ADDRESS: at.temporalAddress,
    EVERSTORM_KAFKA_BROKERS: at.kafkaBrokers,
    DATABASE_URL: at.databaseUrl,
    EVERSTORM_CODEC_KEY_FILE: at.codecKeyFile,
    EVERSTORM_API_URL: at.apiUrl,
    EVERSTORM_OPERATIONS_HOST: '127.0.0.1',
    EVERSTORM_OPERATIONS_PORT: String(at.operationsPort),
    ...(role === 'api' && { EVERSTORM_API_HOST: '127.0.0.1', EVERSTORM_API_PORT: String(at.apiPort) }),
    ...(role === 'audit' && { EVERSTORM_AUDIT_FILE: at.auditFile }),
  };
}
