import type { Action } from '../model/action';
import type { Pack } from '../model/pack';
import type { Rule, RuleEnforcement } from '../model/rule';
import type { RunnerSetting } from '../model/runner-type';
import type { SensorType } from '../model/sensor';
import type { Trigger, TriggerType } from '../model/trigger';
import type { Execution } from '../model/execution';
import type { TriggerInstanceStatus } from '../model/statuses';
import type { LoggedEvent } from '../model/event';
import type { AuditRecord } from '../model/audit';
import type { InstanceRange } from '../model/ids';
import type { WorkflowBundles } from './workflow-bundles';
import type { ProjectedChange } from '../model/projected-changes';
import type { RunEndings } from './run-endings';
import type { DeadLetterRows } from './dead-letter-rows';

/** A page of a list: rows plus the number of all rows that match. */
export interface Page<T> {
  rows: T[];
  total: number;
}

export interface PageRequest {
  /** -1 = all. */
  limit: number;
  offset: number;
}

/** Kinds of definition and their documents. */
export interface DefinitionKinds {
  pack: Pack;
  action: Action;
  rule: Rule;
  trigger_type: TriggerType;
  trigger: Trigger;
  sensor_type: SensorType;
  runner_setting: RunnerSetting;
}
export type DefinitionKind = keyof DefinitionKinds;

/** Who put a definition there: a pack directory (deregistered when it vanishes from it) or the API. */
export type Origin = 'pack' | 'api';

export interface DefinitionQuery extends PageRequest {
  pack?: string;
  /** Equality on top-level or dotted document fields, e.g. `{'trigger.ref': 'core.x', enabled: true}`. */
  where?: Record<string, string | boolean>;
}

/**
 * Definitions: rules, and what packs register. One table keyed by (kind, ref), documents as JSON.
 * Guarantees: every committed change raises the version by at least one and reaches all subscribers of all processes within a second.
 */
export interface Definitions {
  get<K extends DefinitionKind>(kind: K, refOrId: string): Promise<DefinitionKinds[K] | null>;
  /** What running an action takes, in one round trip: the action (by ref or id), its pack, the settings of its runner. */
  toRun(actionRefOrId: string): Promise<{ action: Action; pack: Pack | null; setting: RunnerSetting | null } | null>;
  /** Sorted by ref (pack, then name). */
  list<K extends DefinitionKind>(kind: K, query: DefinitionQuery): Promise<Page<DefinitionKinds[K]>>;
  /** Throws CONFLICT (details.conflictId) when the uid exists. */
  create<K extends DefinitionKind>(kind: K, document: DefinitionKinds[K], origin: Origin): Promise<void>;
  /** Creates or replaces. Returns false when the stored content was equal (nothing changes, no notification). */
  put<K extends DefinitionKind>(kind: K, document: DefinitionKinds[K], origin: Origin): Promise<boolean>;
  /**
   * Puts a document in the place of the one at `oldRef`, whose ref and id may be others than the document's, in one transaction: no reader
   * sees both or neither. False when there is none at `oldRef`; throws CONFLICT (details.conflictId) when another one has the document's ref or id.
   */
  replace<K extends DefinitionKind>(
    place: { kind: K; oldRef: string },
    document: DefinitionKinds[K],
    origin: Origin,
  ): Promise<boolean>;
  /** False when there was none. */
  remove(kind: DefinitionKind, ref: string): Promise<boolean>;
  /** Refs of a pack's definitions of one kind by origin: to deregister what vanished from disk. */
  refs(kind: DefinitionKind, pack: string, origin: Origin): Promise<string[]>;
  /**
   * All definitions together with the version of the whole set they were read at, in one snapshot; with `since`, a version read before, only
   * what is new to who has that one (or all, without `since` in the answer, where that can't be told).
   */
  snapshot(since?: number): Promise<DefinitionSnapshot>;
  /** Everything as it was at an earlier version; null when that is not kept any more (three days). */
  snapshotAt(version: number): Promise<DefinitionSnapshot | null>;
  /** Calls back soon after any definition changed (also after a lost connection came back). Returns the unsubscriber. */
  subscribe(listener: () => void): Promise<() => Promise<void>>;
}

/** Up to which trigger instance a partition was judged, and by which version of the definitions. */
export interface RuleSetMark {
  through: string;
  version: number;
}
/** Marks by name: one for each consumer group and partition. */
export interface RuleSetMarks {
  get(name: string): Promise<RuleSetMark | null>;
  /** Never goes back. Durable when it resolves. */
  raise(name: string, mark: RuleSetMark): Promise<void>;
}

/** What the rule service compiles. */
export interface DefinitionSnapshot {
  version: number;
  rules: Rule[];
  actions: Action[];
  triggerTypes: TriggerType[];
  triggers: Trigger[];
  packs: Pack[];
  runnerSettings: RunnerSetting[];
  /** The version that this is the change from; without it this is everything. */
  since?: number;
  /** With `since`: what went, to be taken out before the rest is put in. */
  removed?: { kind: DefinitionKind; ref: string }[];
}

/** Enforcements: the permanent deduplication record. */
export interface Enforcements {
  /** Inserts what is new; an existing id is left as it is. One round trip. Durable when it resolves. */
  record(enforcements: readonly RuleEnforcement[]): Promise<void>;
  get(id: string): Promise<RuleEnforcement | null>;
  /** Which of these executions are recorded, with the trigger instance each was started for. One round trip; none for no ids. */
  known(executionIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  list(query: EnforcementQuery): Promise<Page<RuleEnforcement>>;
}
export interface EnforcementQuery extends PageRequest {
  rule_ref?: string;
  rule_id?: string;
  execution?: string;
  trigger_instance?: string;
  status?: string;
  enforced_at_gt?: string;
  enforced_at_lt?: string;
}

/** One narrow row per trigger instance; the payload stays in the log. */
export interface TriggerInstanceRow {
  id: string;
  trigger: string;
  /** ISO 8601. */
  occurredAt: string;
  source: string;
  eventId: string;
  traceTag: string | null;
  status: TriggerInstanceStatus;
}
export interface TriggerInstanceQuery extends PageRequest {
  trigger?: string;
  timestamp_gt?: string;
  timestamp_lt?: string;
  status?: string;
  sort: 'asc' | 'desc';
}
export interface TriggerInstances {
  /** Upserts rows for these events (status `pending` unless known otherwise). */
  project(events: readonly LoggedEvent[]): Promise<void>;
  /**
   * The rule service is past all instances of a partition up to and including this one: those that are `pending` still are shown as `processed`
   * from now on, whenever their rows come. One small write, however many they are; never goes back.
   */
  passed(throughId: string): Promise<void>;
  /** Upserts the status even when the row is not projected yet. `pending` says nothing about an instance that was passed. */
  setStatus(changes: readonly { event: LoggedEvent; status: TriggerInstanceStatus }[]): Promise<void>;
  /** Gives rows that are still `pending` a status, by their ids or by ranges of ids. For rebuild. */
  settle(which: readonly string[] | InstanceRange, status: TriggerInstanceStatus): Promise<void>;
  get(id: string): Promise<TriggerInstanceRow | null>;
  list(query: TriggerInstanceQuery): Promise<Page<TriggerInstanceRow>>;
}

export interface ExecutionQuery extends PageRequest {
  action?: string;
  status?: string;
  user?: string;
  rule?: string;
  trigger?: string;
  trigger_type?: string;
  trigger_instance?: string;
  runner?: string;
  /** `null` = top level only. */
  parent?: string | null;
  timestamp_gt?: string;
  timestamp_lt?: string;
  id?: string;
  /** Default: newest start first. */
  sort: readonly { field: 'start_timestamp' | 'end_timestamp' | 'status' | 'action'; direction: 'asc' | 'desc' }[];
}

/** What a row knows of an execution's runs. */
export interface KnownExecution {
  execution: Execution;
  /** The newest run that told something; empty when that is not known. */
  runId: string;
  changes: readonly ProjectedChange[];
}

/** The read model of executions, projected from audit records; rebuildable. */
export interface ExecutionRows {
  /** Applies records idempotently, whatever their order: the highest sequence of the newest run wins, the log keeps all. */
  project(records: readonly AuditRecord[]): Promise<void>;
  get(id: string): Promise<Execution | null>;
  list(query: ExecutionQuery): Promise<Page<Execution>>;
  /** What rows know of their executions' runs, by execution id. */
  known(ids: readonly string[]): Promise<Map<string, KnownExecution>>;
  /** How many executions began from a time on and before another. */
  countBegun(from: Date, to: Date): Promise<number>;
  /**
   * Rows without an end that did not change for a time (longest unchanged first), each next asked for after twice the time of before, up to
   * 32 times it. Of several callers at once one gets a row.
   */
  unfinished(options: { unchangedForMs: number; limit: number }): Promise<KnownExecution[]>;
  /** Replaces rows by these documents (rebuild); `changes`, by id, are those behind the documents' logs. */
  replace(executions: readonly Execution[], changes?: ReadonlyMap<string, readonly ProjectedChange[]>): Promise<void>;
  /** Empties trigger instances and executions (rebuild); enforcements, rules and keys stay. */
  clear(): Promise<void>;
}

/** Small durable facts of the platform itself. */
export interface PlatformState {
  /** Epoch of a topic: drawn once with `draw` when first asked, kept for ever; `renew` draws a new one (the topic was recreated). */
  topicEpoch(topic: string, draw: () => number): Promise<number>;
  renewTopicEpoch(topic: string, draw: () => number): Promise<number>;
  /** How far something has come, whoever did it; null before the first time. */
  mark(name: string): Promise<number | null>;
  /** Never lowers it. */
  raiseMark(name: string, to: number): Promise<void>;
}

export interface Store {
  readonly definitions: Definitions;
  readonly ruleSets: RuleSetMarks;
  readonly enforcements: Enforcements;
  readonly triggerInstances: TriggerInstances;
  readonly executions: ExecutionRows;
  readonly runEndings: RunEndings;
  readonly deadLetters: DeadLetterRows;
  readonly platform: PlatformState;
  readonly workflowBundles: WorkflowBundles;
  /** Creates or migrates tables; safe to call from several processes at once. */
  migrate(): Promise<void>;
  /** Resolves when the database answers; throws UNAVAILABLE within the time-out else. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
