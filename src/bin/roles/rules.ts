import { createBackfillActivities } from '../../../activities/backfill';
import { createShardActivities } from '../../../activities/shard-activities';
import { messageOf } from '../../model/errors';
import { RUNNER_TYPES } from '../../model/runner-types';
import { createBackfillSteps } from '../../services/backfill';
import { createConditionService } from '../../services/condition-service';
import { enactDecisions } from '../../services/condition-service/enact';
import { createDefinitionCache } from '../../services/definition-cache';
import { createHousekeeper } from '../../services/pack-registration/desired-housekeeping';
import { createRuleService } from '../../services/rule-service';
import type { RuleServiceMetrics } from '../../services/rule-service/options';
import { problemWithoutValues } from '../../services/schema-validation';
import { debugOption } from '../debug-option';
import type { Platform } from '../platform';
import { conditionsGroup, rulesGroup } from '../role-names';
import { feedHealth } from './role';
import type { StartRole } from './role';
import { startRulesWorker } from './rules-worker';

/**
 * Matches events against rules and starts executions; tells the shards of rules that remember, and enacts what they decide; keeps sensors and
 * timers equal to the definitions.
 */
export const startRules: StartRole = async (platform) => {
  const { config, kafka, temporal, store, log } = platform;
  const { shards, executions, housekeeping } = temporal;
  const { eventLog: events, deadLetters } = kafka;
  const definitions = createDefinitionCache({
    definitions: store.definitions,
    onReloadFailed: (error) => log.warn({ reason: messageOf(error) }, 'definitions could not be reloaded'),
  });
  const common = {
    definitions,
    executions,
    store,
    validatePayload: problemWithoutValues,
    runnerType: (name: string) => RUNNER_TYPES.get(name)?.type,
    metrics: metricsOf(platform),
    log,
    now: Date.now,
    ...debugOption(config),
  };
  const group = rulesGroup(config.kafka.topicPrefix);
  const conditions = conditionsGroup(config.kafka.topicPrefix);
  const service = createRuleService({ ...common, feed: events.feed(), deadLetters, group });
  const conditionService = createConditionService({ ...common, events, shards, group: conditions, rulesGroup: group });
  const housekeeper = createHousekeeper({ store, housekeeping, shards, log, definitions });
  kafka.warmUp();
  await service.start();
  const worker = await startRulesWorker(platform, {
    ...createBackfillActivities(createBackfillSteps({ ...common, events })),
    ...createShardActivities({
      enact: ({ rule, decisions }) => enactDecisions(rule, decisions, { ...common, events }),
      log: events,
      group: conditions,
      executions,
    }),
  });
  await conditionService.start();
  await housekeeper.start();
  return {
    health: [
      feedHealth('rules', () => service.state()),
      feedHealth('conditions', () => conditionService.state()),
      ...(worker.health ?? []),
    ],
    stop: async () => {
      await housekeeper.stop();
      await conditionService.stop();
      await worker.stop();
      await service.stop();
    },
  };
};

const metricsOf = ({ metrics }: Platform): RuleServiceMetrics => ({
  events: (count) => metrics.eventsProcessed.inc(count),
  deadLettered: (code) => metrics.deadLetters.inc({ code }),
  enforcement: (status) => metrics.rulesMatched.inc({ status }),
  startedWithin: (seconds) => metrics.ruleLatency.observe(seconds),
});
