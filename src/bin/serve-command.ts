import { processEnvironment } from '../config/environment';
import { completeConfig, parsePlatformConfig } from '../config/platform-config';
import { createLogger } from '../telemetry/logger';
import { createMetrics } from '../telemetry/metrics';
import { startOperations } from './operations';
import { SYSTEM_PACKS_PATH } from './project-root';
import { reachPatiently } from './reach';
import { createReadiness } from './readiness';
import type { RoleName } from './role-names';
import { serveRoles } from './serve';
import { installTemporalLogging } from './temporal-logging';
import { stopWithin, whenAskedToStop } from './until-signal';

/**
 * `everstorm serve`: roles against the services that the environment names, until a signal comes. Waits for services that are away (ten minutes,
 * then it throws UNAVAILABLE), while the operations endpoint tells which; throws CONFIGURATION at once.
 */
export async function serveCommand(roles: readonly RoleName[], say: (line: string) => void): Promise<void> {
  const signal = whenAskedToStop();
  const config = completeConfig(parsePlatformConfig(processEnvironment(), SYSTEM_PACKS_PATH));
  const log = createLogger(config.logLevel, roles.join('+'));
  installTemporalLogging(log);
  const readiness = createReadiness();
  const metrics = createMetrics();
  const operations = await startOperations(config.operations, readiness, metrics);
  try {
    const reach = reachPatiently({ readiness, log, signal });
    const serving = await serveRoles(roles, { config, log }, { readiness, metrics, reach });
    await stopWithin(serving, { asked: signal, say, drainMs: config.drainMs });
  } catch (error) {
    // Nothing was served yet, so there is nothing to finish: asked to stop while waiting is a good end.
    if (!signal.aborted) throw error;
  } finally {
    await operations.stop();
  }
}
