import { installWorkerRuntime } from '../adapters/temporal/worker';
import type { Logger } from '../telemetry/logger';

/** Said of workers that serve activities only, as the sensors' one does on purpose, and of executions that end without success, which audit tells. */
const EXPECTED = /^(No workflows registered|Workflow failed|Activity failed)/;

/** Sends the Temporal SDK's warnings into our log; once per process, before the first worker. */
export function installTemporalLogging(log: Logger): void {
  installWorkerRuntime(({ level, message }) => {
    if (EXPECTED.test(message)) log.debug({ component: 'temporal' }, message);
    else if (level === 'ERROR') log.error({ component: 'temporal' }, message);
    else log.warn({ component: 'temporal' }, message);
  });
}
