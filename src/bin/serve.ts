import type { PlatformConfig } from '../config/platform-config';
import { EverstormError, messageOf } from '../model/errors';
import type { Logger } from '../telemetry/logger';
import { createMetrics } from '../telemetry/metrics';
import { openPlatform } from './platform';
import type { OpenOptions } from './platform';
import { reachOnce } from './reach';
import { createReadiness } from './readiness';
import { ROLE_NAMES } from './role-names';
import type { RoleName } from './role-names';
import { startApi } from './roles/api';
import { startAudit } from './roles/audit';
import type { RunningRole, StartRole } from './roles/role';
import { startRules } from './roles/rules';
import { startSensors } from './roles/sensors';
import { startWorker } from './roles/worker';

const ROLES: Record<RoleName, StartRole> = {
  audit: startAudit,
  worker: startWorker,
  rules: startRules,
  api: startApi,
  sensors: startSensors,
};

const ONCE = (): OpenOptions => ({ readiness: createReadiness(), metrics: createMetrics(), reach: reachOnce });

/**
 * Serves roles in this process until stopped. Throws UNAVAILABLE or CONFIGURATION when it cannot start; nothing is left running then.
 * Not ready until all roles have started, and no longer once they stop.
 */
export async function serveRoles(
  names: readonly RoleName[],
  { config, log }: { config: PlatformConfig; log: Logger },
  options: OpenOptions = ONCE(),
): Promise<RunningRole> {
  if (names.length === 0) throw new EverstormError('CONFIGURATION', `name at least one role: ${ROLE_NAMES.join(', ')}`);
  const { readiness } = options;
  readiness.lacks('roles', 'not started yet');
  const platform = await openPlatform(config, log, options);
  const running: { name: RoleName; role: RunningRole }[] = [];
  const stop = async (): Promise<void> => {
    readiness.lacks('roles', 'stopping');
    for (const { name, role } of running.reverse()) {
      await role
        .stop()
        .catch((error: unknown) => log.error({ role: name, reason: messageOf(error) }, 'role did not stop'));
    }
    await platform.close();
  };
  try {
    for (const name of ROLE_NAMES.filter((known) => names.includes(known))) {
      const role = await ROLES[name](platform);
      running.push({ name, role });
      for (const check of role.health ?? []) readiness.has(check);
      log.info({ serving: name }, 'role started');
    }
  } catch (error) {
    await stop();
    throw error;
  }
  readiness.forget('roles');
  return { stop };
}
