import type { LogRanges } from '../../ports/log-ranges';
import type { DefinitionCache } from '../definition-cache';
import type { RuleServiceOptions } from '../rule-service/options';

/** What the steps of a backfill need of the rules role; they match and start as the rule service does. */
export interface BackfillParts extends Pick<
  RuleServiceOptions,
  'executions' | 'validatePayload' | 'runnerType' | 'now' | 'concurrency'
> {
  events: LogRanges;
  store: { enforcements: RuleServiceOptions['store']['enforcements'] };
  definitions: Pick<DefinitionCache, 'current'>;
  metrics?: Pick<NonNullable<RuleServiceOptions['metrics']>, 'enforcement'>;
}
