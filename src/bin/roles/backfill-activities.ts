import { createBackfillActivities } from '../../../activities/backfill';
import { RUNNER_TYPES } from '../../model/runner-types';
import { createBackfillSteps } from '../../services/backfill';
import type { DefinitionCache } from '../../services/definition-cache';
import { problemWithoutValues } from '../../services/schema-validation';
import type { Platform } from '../platform';

/** What backfills ask of the rules role, with the definitions that its rule service holds. */
export const backfillActivities = (
  { kafka, temporal, store, metrics }: Platform,
  definitions: DefinitionCache,
): ReturnType<typeof createBackfillActivities> =>
  createBackfillActivities(
    createBackfillSteps({
      events: kafka.eventLog,
      executions: temporal.executions,
      store,
      definitions,
      validatePayload: problemWithoutValues,
      runnerType: (name) => RUNNER_TYPES.get(name)?.type,
      now: Date.now,
      metrics: { enforcement: (status) => metrics.rulesMatched.inc({ status }) },
    }),
  );
