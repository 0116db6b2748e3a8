import type { PlatformConfig } from '../config/platform-config';
import { createOperationsApp } from '../http/operations';
import type { Metrics } from '../telemetry/metrics';
import { listen, portTaken } from './listen';
import type { Readiness } from './readiness';
import type { RunningRole } from './roles/role';

/** The process's operations endpoint, where the configuration names a port. Throws CONFIGURATION when the port is taken. */
export async function startOperations(
  { host, port }: PlatformConfig['operations'],
  readiness: Readiness,
  metrics: Metrics,
): Promise<RunningRole> {
  if (port === null) return { stop: () => Promise.resolve() };
  const address = { host, port };
  const app = createOperationsApp(readiness.checks, metrics.registry);
  return listen(app, address, () => portTaken('operations endpoint', address, 'EVERSTORM_OPERATIONS_PORT'));
}
