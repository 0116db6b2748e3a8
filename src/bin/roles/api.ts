import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createHttpApp } from '../../http/app';
import { EverstormError } from '../../model/errors';
import { RUNNER_TYPES } from '../../model/runner-types';
import { systemPrincipal } from '../../model/principal';
import { createServices } from '../../services/create-services';
import { createPackRegistration } from '../../services/pack-registration';
import type { PackRegistration } from '../../services/pack-registration';
import type { Platform } from '../platform';
import { rulesGroup } from '../role-names';
import { VERSION } from '../version';
import { refuseInvalidRule } from '../refuse-invalid-rule';
import type { RunningRole, StartRole } from './role';

/** Registers the packs on disk, then serves HTTP. */
export const startApi: StartRole = async (platform) => {
  const { kafka, log } = platform;
  const registration = createRegistration(platform);
  const { counts, problems } = await registration.register(systemPrincipal('system'));
  log.info({ ...counts, problems: problems.length }, 'packs registered');
  kafka.warmUp();
  return listen(createServer(createApp(platform, registration)), platform);
};

function createRegistration({ store, config, log }: Platform): PackRegistration {
  return createPackRegistration({
    store,
    packPaths: config.packPaths,
    runnerTypes: new Set(RUNNER_TYPES.keys()),
    validateRule: refuseInvalidRule,
    log,
  });
}

function createApp({ config, store, kafka, temporal, health, metrics, log }: Platform, registration: PackRegistration) {
  const services = createServices(
    {
      store,
      executions: temporal.executions,
      deployments: temporal.deployments,
      events: kafka.eventLog,
      deadLetters: kafka.deadLetters,
      rulesGroup: rulesGroup(config.kafka.topicPrefix),
      runnerTypes: [...RUNNER_TYPES.values()].map(({ type }) => type),
      webUiBase: config.webUiBase,
      now: Date.now,
    },
    async (principal, request) => ({ ...(await registration.register(principal, request)).counts }),
  );
  return createHttpApp({
    services,
    health,
    metrics,
    codecHandlers: temporal.codecEndpoint,
    ...(config.temporal.uiUrl !== null && { temporalUiOrigin: new URL(config.temporal.uiUrl).origin }),
    log,
    version: VERSION,
  });
}

export const apiPortTaken = (host: string, port: number): EverstormError =>
  new EverstormError(
    'CONFIGURATION',
    `API: port ${port} on ${host} is taken by another program (another Everstorm?): stop it, or choose another with EVERSTORM_API_PORT`,
  );

async function listen(server: Server, { config }: Platform): Promise<RunningRole> {
  const { host, port } = config.api;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? apiPortTaken(host, port) : error);
    });
    server.listen(port, host, resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 3_000).unref();
      }),
  };
}
