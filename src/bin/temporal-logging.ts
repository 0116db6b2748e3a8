import { installWorkerRuntime } from '../adapters/temporal/worker';
import type { Logger } from '../telemetry/logger';

/** Sends the Temporal SDK's warnings into our log; once per process, before the first worker. */
export function installTemporalLogging(log: Logger): void {
  installWorkerRuntime(({ level, message }) => {
    if (level === 'ERROR') log.error({ component: 'temporal' }, message);
    else log.warn({ component: 'temporal' }, message);
  });
}
