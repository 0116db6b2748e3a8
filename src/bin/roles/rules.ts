import { createBackfillActivities } from '../../../activities/backfill';
import { RUNNER_TYPES } from '../../model/runner-types';
import { messageOf } from '../../model/errors';
import { createBackfillSteps } from '../../services/backfill';
import { createDefinitionCache } from '../../services/definition-cache';
import { createHousekeeper } from '../../services/pack-registration/desired-housekeeping';
import { createRuleService } from '../../services/rule-service';
import { problemWithoutValues } from '../../services/schema-validation';
import { debugOption } from '../debug-option';
import { rulesGroup } from '../role-names';
import { feedHealth } from './role';
import type { StartRole } from './role';
import { startRulesWorker } from './rules-worker';

/** Matches events against rules and starts executions; keeps sensors and timers equal to the definitions. */
export const startRules: StartRole = async (platform) => {
  const { config, kafka, temporal, store, metrics, log } = platform;
  const definitions = createDefinitionCache({
    definitions: store.definitions,
    onReloadFailed: (error) => log.warn({ reason: messageOf(error) }, 'definitions could not be reloaded'),
  });
  const shared = {
    executions: temporal.executions,
    store,
    definitions,
    validatePayload: problemWithoutValues,
    runnerType: (name: string) => RUNNER_TYPES.get(name)?.type,
    now: Date.now,
    metrics: {
      events: (count: number) => metrics.eventsProcessed.inc(count),
      deadLettered: (code: string) => metrics.deadLetters.inc({ code }),
      enforcement: (status: string) => metrics.rulesMatched.inc({ status }),
      startedWithin: (seconds: number) => metrics.ruleLatency.observe(seconds),
    },
  };
  const service = createRuleService({
    ...shared,
    feed: kafka.eventLog.feed(),
    deadLetters: kafka.deadLetters,
    group: rulesGroup(config.kafka.topicPrefix),
    log,
    ...debugOption(config),
  });
  const housekeeper = createHousekeeper({ store, housekeeping: temporal.housekeeping, log });
  await service.start();
  await housekeeper.start();
  const worker = await startRulesWorker(platform, {
    ...createBackfillActivities(createBackfillSteps({ ...shared, events: kafka.eventLog })),
  });
  return {
    health: [feedHealth('rules', () => service.state()), ...(worker.health ?? [])],
    stop: async () => {
      await worker.stop();
      await housekeeper.stop();
      await service.stop();
    },
  };
};
