import { installWorkerRuntime } from '../adapters/temporal/worker';
import type { Logger } from '../telemetry/logger';

/** Said of every worker that serves activities only, as the sensors' one does on purpose. */
const EXPECTED = 'No workflows registered';

/** Sends the Temporal SDK's warnings into our log; once per process, before the first worker. */
export function installTemporalLogging(log: Logger): void {
  installWorkerRuntime(({ level, message }) => {
    if (message.startsWith(EXPECTED)) log.debug({ component: 'temporal' }, message);
    else if (level === 'ERROR') log.error({ component: 'temporal' }, message);
    else log.warn({ component: 'temporal' }, message);
  });
}
