import { processEnvironment } from '../config/environment';
import { completeConfig, parsePlatformConfig } from '../config/platform-config';
import { rebuildReadModel } from '../services/rebuild';
import type { Rebuilt } from '../services/rebuild';
import { createLogger } from '../telemetry/logger';
import { openPlatform } from './platform';
import { SYSTEM_PACKS_PATH } from './project-root';

/** `everstorm rebuild`: needs a database server (an embedded database belongs to the running `dev`, whose API rebuilds it). */
export async function rebuild(say: (line: string) => void): Promise<Rebuilt> {
  const config = completeConfig(parsePlatformConfig(processEnvironment(), SYSTEM_PACKS_PATH));
  const platform = await openPlatform(config, createLogger(config.logLevel, 'rebuild'));
  try {
    const { store, temporal, kafka } = platform;
    return await rebuildReadModel({
      store,
      executions: temporal.executions,
      events: kafka.eventLog,
      webUiBase: config.webUiBase,
      say,
    });
  } finally {
    await platform.close();
  }
}
