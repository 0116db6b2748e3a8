import { join } from 'node:path';
import type { JsonObject } from '../model/json';
import type { Environment } from './environment';

/** Configuration of pack demo's sensors: the file of check results and the status page to watch (none = rest). `dataDirectory` is absolute. */
export function demoPackConfig(environment: Environment, dataDirectory: string): JsonObject {
  return {
    checks_file: environment['EVERSTORM_DEMO_CHECKS'] || join(dataDirectory, 'demo-checks.jsonl'),
    status_url: environment['EVERSTORM_DEMO_STATUS_URL'] ?? '',
  };
}
