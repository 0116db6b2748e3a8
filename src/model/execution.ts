import type { Action } from './action';
import type { JsonObject, JsonValue } from './json';
import type { RunnerType } from './runner-type';
import type { ExecutionStatus } from './statuses';

/** Who and why, in the snake_case form that StackStorm clients and templates (`action_context`) see. */
export interface ExecutionContext {
  user: string;
  pack: string;
  trigger_instance?: { id: string; name: string };
  rule?: { id: string; ref: string; uid: string; name: string };
  trace_context?: { trace_tag?: string; id_?: string };
  parent?: JsonObject;
  cancelled_by?: string;
  [extra: string]: unknown;
}

/** Input of an execution's workflow: everything a replay needs, definitions included (nothing is read from a pack again). */
export interface ExecutionInput {
  executionId: string;
  action: Action;
  runner: RunnerType;
  /** As given and cast ("live" parameters); defaults are filled and rendered in the workflow. */
  parameters: JsonObject;
  context: ExecutionContext;
  /** Ref of the trigger that led here, for the search attribute; empty for manual runs. */
  triggerRef?: string;
  /** Milliseconds to wait before scheduling (status `delayed`). */
  delayMs?: number;
  /** Base directory of the action's pack on workers: entry points are resolved under it. */
  packPath: string;
  /** The worker publishes the audit records beside the workflow. Missing in executions older than this field: each record holds them until Kafka has it. */
  announced?: true;
}

/** How an execution ended; the workflow's return value, or the detail of its failure. */
export interface ExecutionOutcome {
  status: ExecutionStatus;
  result: JsonValue;
}

/** One line of an execution's log. */
export interface StatusChange {
  timestamp: string;
  status: ExecutionStatus;
}

/** An execution in StackStorm's API shape. Empty attributes are left out. */
export interface Execution {
  id: string;
  status: ExecutionStatus;
  start_timestamp: string;
  end_timestamp?: string;
  elapsed_seconds?: number;
  web_url: string;
  parameters?: JsonObject;
  context: ExecutionContext;
  action: Action;
  runner: RunnerType;
  liveaction: JsonObject;
  result?: JsonValue;
  result_size?: number;
  parent?: string;
  children?: string[];
  log: StatusChange[];
  delay?: number;
  trigger?: JsonObject;
  trigger_type?: JsonObject;
  trigger_instance?: JsonObject;
  rule?: JsonObject;
}
