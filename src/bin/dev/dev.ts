import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '../../config/environment';
import { parsePlatformConfig } from '../../config/platform-config';
import type { PlatformConfig } from '../../config/platform-config';
import { createLogger } from '../../telemetry/logger';
import { installTemporalLogging } from '../temporal-logging';
import { PROJECT_ROOT, SYSTEM_PACKS_PATH } from '../project-root';
import { ROLE_NAMES } from '../role-names';
import { serveRoles } from '../serve';
import { apiPortTaken } from '../roles/api';
import { untilSignal } from '../until-signal';
import { greeting } from './greeting';
import { devPaths } from './paths';
import { startDevServices } from './dev-services';
import { loadServicesLibrary } from './scripts-library';
import { serviceNotes } from './service-state';

/** Whoever presses Ctrl-C at a terminal does not want to wait for minutes. */
const DEV_DEFAULTS = {
  EVERSTORM_LOG_LEVEL: 'warn',
  EVERSTORM_HOME: join(PROJECT_ROOT, '.everstorm'),
  EVERSTORM_DRAIN_SECONDS: '5',
};

/** `everstorm dev`: finds or starts Temporal, Kafka and the database, then serves all roles until a signal comes. */
export async function dev(say: (line: string) => void): Promise<void> {
  const environment = processEnvironment();
  const settings = parsePlatformConfig({ ...DEV_DEFAULTS, ...environment }, SYSTEM_PACKS_PATH);
  const log = createLogger(settings.logLevel, 'dev');
  installTemporalLogging(log);
  const paths = devPaths(settings.home);
  const notes = serviceNotes(paths.notes);
  writeDemoConfig(settings);
  await refuseTakenApiPort(settings.api);
  const services = await startDevServices(settings, `${settings.api.url}/codec`, say);
  const config: PlatformConfig = {
    ...settings,
    temporal: { ...settings.temporal, address: services.temporalAddress, uiUrl: services.temporalUiUrl },
    kafka: { ...settings.kafka, brokers: services.kafkaBrokers },
    audit: { ...settings.audit, file: settings.audit.file ?? paths.audit },
  };
  try {
    const serving = await serveRoles(ROLE_NAMES, config, log);
    notes.write({
      ...notes.read(),
      api: { pid: process.pid, url: config.api.url, kafkaBrokers: config.kafka.brokers },
    });
    for (const line of greeting(config)) say(line);
    await untilSignal(serving, say, config.drainMs);
  } finally {
    await services.stop();
  }
  say('stopped');
}

/** Asked before anything is started: the one port that is not chosen freely. */
async function refuseTakenApiPort({ port, host }: PlatformConfig['api']): Promise<void> {
  const { portTaken } = await loadServicesLibrary();
  if (await portTaken({ port })) throw apiPortTaken(host, port);
}

/** What the demo pack's sensors watch, unless somebody configured them already. */
function writeDemoConfig({ home, api }: Pick<PlatformConfig, 'home' | 'api'>): void {
  const paths = devPaths(home);
  const file = join(paths.configs, 'demo.yaml');
  mkdirSync(paths.configs, { recursive: true });
  if (existsSync(file)) return;
  const lines = [
    '# Configuration of pack demo (made by everstorm dev; yours to change)',
    `checks_file: ${paths.demoChecks}`,
    `status_url: ${api.url}/readyz`,
    '',
  ];
  writeFileSync(file, lines.join('\n'));
}
