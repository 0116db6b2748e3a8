import type { Action } from '../model/action';
import type { Execution, ExecutionContext } from '../model/execution';
import type { JsonObject } from '../model/json';
import type { Rule } from '../model/rule';
import type { RunnerType } from '../model/runner-type';
import type { ExecutionState, Executions } from '../ports/executions';
import type { EventLog } from '../ports/event-log';
import type { Store } from '../ports/store';

/** What live parameters are rendered from: those given, the definitions, and the execution's context. */
export interface LiveParameters {
  parameters: JsonObject;
  action: Action;
  runner: RunnerType;
  context: ExecutionContext;
}

/** What the services need of the world; ports are narrowed to what is used, pure functions come from expressions, rules and model. */
export interface ServiceDependencies {
  store: Pick<Store, 'definitions' | 'enforcements' | 'triggerInstances' | 'executions'>;
  executions: Pick<Executions, 'start' | 'get' | 'cancel'>;
  events: Pick<EventLog, 'publish' | 'read'>;
  runnerTypes: readonly RunnerType[];
  /** Renders templates in given parameters and casts them by schema; throws INVALID_PARAMETERS. */
  renderLiveParameters: (input: LiveParameters) => JsonObject;
  /** A run as StackStorm's API document, secrets masked. */
  executionDocument: (state: ExecutionState) => Execution;
  /** Throws INVALID_DEFINITION or UNKNOWN_OPERATOR when criteria or mapping of a rule can't be compiled. */
  validateRule: (rule: Rule) => void;
  /** Current time, milliseconds since the epoch. */
  now: () => number;
}
