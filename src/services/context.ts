import type { DebugHook } from '../model/debug-points';
import type { RunnerType } from '../model/runner-type';
import type { Backfills } from '../ports/backfills';
import type { Deployments } from '../ports/deployments';
import type { Executions } from '../ports/executions';
import type { DeadLetters, EventLog } from '../ports/event-log';
import type { Shards } from '../ports/shards';
import type { Store } from '../ports/store';

/** What the services need of the world; ports are narrowed to what is used. */
export interface ServiceDependencies {
  store: Pick<
    Store,
    | 'definitions'
    | 'enforcements'
    | 'triggerInstances'
    | 'executions'
    | 'runEndings'
    | 'workflowBundles'
    | 'deadLetters'
  >;
  executions: Pick<Executions, 'start' | 'get' | 'cancel' | 'all'>;
  shards: Pick<Shards, 'about'>;
  backfills: Backfills;
  deployments: Pick<Deployments, 'current' | 'open' | 'remembered' | 'workers' | 'promote'>;
  events: Pick<EventLog, 'publish' | 'read' | 'all' | 'doneBy'>;
  deadLetters: Pick<DeadLetters, 'read' | 'all'>;
  /** Consumer group of the rule service. */
  rulesGroup: string;
  runnerTypes: readonly RunnerType[];
  /** Base of the links in `web_url`, without a slash at its end. */
  webUiBase: string;
  /** Current time, milliseconds since the epoch. */
  now: () => number;
  debug?: DebugHook;
}
