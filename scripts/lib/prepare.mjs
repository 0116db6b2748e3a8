import { buildAll } from './build.mjs';
import { ensureDependencies } from './deps.mjs';
import { ensureKafka } from './kafka.mjs';
import { ensureTemporalCli } from './temporal.mjs';

/**
 * Everything `everstorm dev` needs before it can start, from a clean clone: packages, the programs of the servers that the
 * environment does not name, and dist/. Throws SetupError.
 */
export async function prepare({ log, env = process.env }) {
  await ensureDependencies({ log });
  if (!env.EVERSTORM_TEMPORAL_ADDRESS) await ensureTemporalCli({ log, env });
  if (!env.EVERSTORM_KAFKA_BROKERS) await ensureKafka({ log, env });
  await buildAll({ log });
}
