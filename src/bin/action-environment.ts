import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { inheritable } from '../../activities/runners/shell/environment';
import { processEnvironment } from '../config/environment';
import { DEMO_CHAT_URL } from './demo/chat-endpoint';
import { devPaths } from './dev/paths';

/**
 * What actions inherit: the process's environment without the platform's own variables, and where the demo pack writes.
 */
export function actionEnvironment(home: string): Record<string, string> {
  const environment = processEnvironment();
  const report = environment['EVERSTORM_DEMO_REPORT'] ?? devPaths(home).demoReport;
  mkdirSync(dirname(report), { recursive: true });
  const chat = environment['EVERSTORM_DEMO_CHAT_URL'] ?? DEMO_CHAT_URL;
  return { ...inheritable(environment), EVERSTORM_DEMO_REPORT: report, EVERSTORM_DEMO_CHAT_URL: chat };
}
