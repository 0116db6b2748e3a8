import { createHttpApp } from '../../http/app';
import type { EverstormError } from '../../model/errors';
import { RUNNER_TYPES } from '../../model/runner-types';
import { systemPrincipal } from '../../model/principal';
import { createServices } from '../../services/create-services';
import { createPackRegistration } from '../../services/pack-registration';
import type { PackRegistration } from '../../services/pack-registration';
import { debugOption } from '../debug-option';
import { listen, portTaken } from '../listen';
import type { Address } from '../listen';
import type { Platform } from '../platform';
import { rulesGroup } from '../role-names';
import { VERSION } from '../version';
import { refuseInvalidRule } from '../refuse-invalid-rule';
import type { StartRole } from './role';

/** Registers the packs on disk, then serves HTTP. */
export const startApi: StartRole = async (platform) => {
  const { kafka, log } = platform;
  const registration = createRegistration(platform);
  const { counts, problems } = await registration.register(systemPrincipal('system'));
  log.info({ ...counts, problems: problems.length }, 'packs registered');
  kafka.warmUp();
  const { api } = platform.config;
  return listen(createApp(platform, registration), api, () => apiPortTaken(api));
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
      backfills: temporal.backfills,
      deployments: temporal.deployments,
      shards: temporal.shards,
      events: kafka.eventLog,
      deadLetters: kafka.deadLetters,
      rulesGroup: rulesGroup(config.kafka.topicPrefix),
      runnerTypes: [...RUNNER_TYPES.values()].map(({ type }) => type),
      webUiBase: config.webUiBase,
      now: Date.now,
      ...debugOption(config),
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

export const apiPortTaken = (address: Address): EverstormError => portTaken('API', address, 'EVERSTORM_API_PORT');
