import type { LogEntry } from '../../model/event';
import type { JsonObject, JsonValue } from '../../model/json';
import type { RunnerType } from '../../model/runner-type';
import type { DeadLetters } from '../../ports/event-log';
import type { Executions } from '../../ports/executions';
import type { Feed } from '../../ports/feed';
import type { Store } from '../../ports/store';
import type { DebugHook } from '../../model/debug-points';
import type { DefinitionCache } from '../definition-cache';

/** Counts for the metrics endpoint. */
export interface RuleServiceMetrics {
  events(count: number): void;
  deadLettered(code: string): void;
  enforcement(status: string): void;
  /** From an event being taken up to its executions being acknowledged by Temporal. */
  startedWithin(seconds: number): void;
}

export interface RuleServiceLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface RuleServiceOptions {
  feed: Feed<LogEntry>;
  deadLetters: Pick<DeadLetters, 'setAside'>;
  executions: Pick<Executions, 'start'>;
  store: {
    enforcements: Pick<Store['enforcements'], 'record' | 'known'>;
    ruleSets: Store['ruleSets'];
    triggerInstances: Pick<Store['triggerInstances'], 'setStatus' | 'passed'>;
  };
  definitions: DefinitionCache;
  /** What is wrong with a payload by its trigger type's schema, without payload values; null when nothing is. */
  validatePayload: (schema: JsonObject, payload: JsonValue) => string | null;
  /** The runner type of a name; undefined when there is none. */
  runnerType: (name: string) => RunnerType | undefined;
  log: RuleServiceLog;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Consumer group. Default `everstorm-rules`. */
  group?: string;
  metrics?: RuleServiceMetrics;
  debug?: DebugHook;
  /** Keys of one batch handled at once. Default 32. */
  concurrency?: number;
}
