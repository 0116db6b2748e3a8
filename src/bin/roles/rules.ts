import { RUNNER_TYPES } from '../../model/runner-types';
import { messageOf } from '../../model/errors';
import { createDefinitionCache } from '../../services/definition-cache';
import { createHousekeeper } from '../../services/pack-registration/desired-housekeeping';
import { createRuleService } from '../../services/rule-service';
import { problemWithoutValues } from '../../services/schema-validation';
import { debugOption } from '../debug-option';
import { rulesGroup } from '../role-names';
import { feedHealth } from './role';
import type { StartRole } from './role';

/** Matches events against rules and starts executions; keeps sensors and timers equal to the definitions. */
export const startRules: StartRole = async ({ config, kafka, temporal, store, metrics, log }) => {
  const definitions = createDefinitionCache({
    definitions: store.definitions,
    onReloadFailed: (error) => log.warn({ reason: messageOf(error) }, 'definitions could not be reloaded'),
  });
  const service = createRuleService({
    feed: kafka.eventLog.feed(),
    deadLetters: kafka.deadLetters,
    executions: temporal.executions,
    store,
    definitions,
    validatePayload: problemWithoutValues,
    runnerType: (name) => RUNNER_TYPES.get(name)?.type,
    group: rulesGroup(config.kafka.topicPrefix),
    log,
    now: Date.now,
    metrics: {
      events: (count) => metrics.eventsProcessed.inc(count),
      deadLettered: (code) => metrics.deadLetters.inc({ code }),
      enforcement: (status) => metrics.rulesMatched.inc({ status }),
      startedWithin: (seconds) => metrics.ruleLatency.observe(seconds),
    },
    ...debugOption(config),
  });
  const housekeeper = createHousekeeper({ store, housekeeping: temporal.housekeeping, log, definitions });
  await service.start();
  await housekeeper.start();
  return {
    health: [feedHealth('rules', () => service.state())],
    stop: async () => {
      await housekeeper.stop();
      await service.stop();
    },
  };
};
