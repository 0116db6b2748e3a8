import { processEnvironment } from '../config/environment';
import { completeConfig, parsePlatformConfig } from '../config/platform-config';
import { createLogger } from '../telemetry/logger';
import { SYSTEM_PACKS_PATH } from './project-root';
import type { RoleName } from './role-names';
import { serveRoles } from './serve';
import { installTemporalLogging } from './temporal-logging';
import { untilSignal } from './until-signal';

/** `everstorm serve`: roles against the services that the environment names, until a signal comes. */
export async function serveCommand(roles: readonly RoleName[], say: (line: string) => void): Promise<void> {
  const config = completeConfig(parsePlatformConfig(processEnvironment(), SYSTEM_PACKS_PATH));
  const log = createLogger(config.logLevel, roles.join('+'));
  installTemporalLogging(log);
  await untilSignal(await serveRoles(roles, config, log), say, config.drainMs);
}
