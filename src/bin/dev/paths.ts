import { join } from 'node:path';

/** Files of one home directory that several commands name. */
export const devPaths = (home: string) => ({
  notes: join(home, 'services.json'),
  database: join(home, 'database'),
  codecKey: join(home, 'codec.key'),
  audit: join(home, 'audit.jsonl'),
  configs: join(home, 'configs'),
  sensorCache: join(home, 'sensors'),
  demoChecks: join(home, 'demo', 'checks.jsonl'),
  demoReport: join(home, 'demo', 'report.log'),
});
