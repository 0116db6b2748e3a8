import { sha256 } from '@noble/hashes/sha256';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/**
 * Every id Everstorm makes is a pure function in this file, held by golden tests.
 * NEVER CHANGE A FORMAT: they are deduplication keys, and stored histories, offsets and rows name them.
 * All ids that clients see are 24 hex digits without a dot (StackStorm clients tell ids from refs by the dot).
 */
export const ID_PATTERN = /^[0-9a-f]{24}$/;
export const isId = (text: string): boolean => ID_PATTERN.test(text);

const SEPARATOR = '\u0000';
const digest = (parts: readonly string[]): string => bytesToHex(sha256(utf8ToBytes(parts.join(SEPARATOR))));
const hex = (value: number, digits: number): string => {
  const text = value.toString(16);
  if (!Number.isSafeInteger(value) || value < 0 || text.length > digits) {
    throw new RangeError(`${value} does not fit in ${digits} hex digits`);
  }
  return text.padStart(digits, '0');
};

/** Execution started by a rule for an event: the same (rule, source, event id) gives the same execution. Also its workflow id. */
export function executionIdForEvent(ruleUid: string, eventSource: string, eventId: string): string {
  return `${digest(['execution', ruleUid, eventSource, eventId]).slice(0, 18)}000000`;
}

/** Execution started by hand; `seed` is fresh randomness (a UUID) made at the door. */
export function executionIdForSeed(seed: string): string {
  return `${digest(['manual', seed]).slice(0, 18)}000000`;
}

/** The n-th (from 1) activity task of an execution's workflow. */
export function taskExecutionId(executionId: string, n: number): string {
  return executionId.slice(0, 18) + hex(n, 6);
}

/** The workflow that runs the given (task) execution: arithmetic, no look-up. */
export function owningExecutionId(executionId: string): string {
  return `${executionId.slice(0, 18)}000000`;
}

/** Place of an event in the log. */
export interface LogPosition {
  /** 32-bit number drawn when the topic was created; tells a recreated topic's offsets apart. */
  epoch: number;
  partition: number;
  offset: number;
}

/** Trigger instance = 8 hex topic epoch + 4 partition + 12 offset. */
export function triggerInstanceId(position: LogPosition): string {
  return hex(position.epoch, 8) + hex(position.partition, 4) + hex(position.offset, 12);
}

/** How many digits of a trigger instance's id name its partition (of a topic's epoch). */
export const PARTITION_DIGITS = 12;
export const partitionOf = (instanceId: string): string => instanceId.slice(0, PARTITION_DIGITS);

/** Inverse of {@link triggerInstanceId}; null when the text is no id. */
export function parseTriggerInstanceId(id: string): LogPosition | null {
  if (!isId(id)) return null;
  return {
    epoch: parseInt(id.slice(0, 8), 16),
    partition: parseInt(id.slice(8, 12), 16),
    offset: parseInt(id.slice(12), 16),
  };
}

/** Trigger instances of one partition: ids from `from` up to, but not including, `before`; they sort as their places do. */
export interface InstanceRange {
  from: string;
  before: string;
}

/** Audit record = workflow id / run id / sequence (0, 1, 2 … within the run). */
export function auditRecordId(workflowId: string, runId: string, sequence: number): string {
  return `${workflowId}/${runId}/${sequence}`;
}

/** A definition's id (action, rule, pack …): stable for its uid, so a re-registration keeps it. */
export function resourceId(uid: string): string {
  return digest(['resource', uid]).slice(0, 24);
}

/** LiveAction id of an execution; StackStorm keeps the two apart and clients show both. */
export function liveActionId(executionId: string): string {
  return digest(['liveaction', executionId]).slice(0, 24);
}

/** Enforcement of an event that another event with the same source and id had already started. */
export function deduplicatedEnforcementId(executionId: string, instanceId: string): string {
  return digest(['deduplicated', executionId, instanceId]).slice(0, 24);
}

/** Enforcement that failed before an execution existed. */
export function failedEnforcementId(ruleUid: string, instanceId: string): string {
  return digest(['failed', ruleUid, instanceId]).slice(0, 24);
}

/** Enforcement of a rule in shadow mode. */
export function shadowedEnforcementId(ruleUid: string, instanceId: string): string {
  return digest(['shadowed', ruleUid, instanceId]).slice(0, 24);
}

/** Enforcement of an event that a storm guard held back. */
export function suppressedEnforcementId(ruleUid: string, instanceId: string): string {
  return digest(['suppressed', ruleUid, instanceId]).slice(0, 24);
}

/** An event's source and id, in short: equal for every instance of one event. */
export function eventDigest(source: string, eventId: string): string {
  return digest(['event', source, eventId]).slice(0, 16);
}

/** Name of the trigger (in its type's pack) that a rule with trigger parameters shares with its equals; shaped as a UUID like StackStorm's. */
export function parametrisedTriggerName(typeRef: string, canonicalParameters: string): string {
  const d = digest(['trigger', typeRef, canonicalParameters]);
  return [d.slice(0, 8), d.slice(8, 12), d.slice(12, 16), d.slice(16, 20), d.slice(20, 32)].join('-');
}

/** Hash of a definition's content, to see whether a registration changed anything. */
export function contentHash(canonicalJson: string): string {
  return digest(['content', canonicalJson]);
}

/** Temporal workflow ids of the platform's own workflows (executions use the execution id). */
export const sensorWorkflowId = (sensorRef: string): string => `sensor/${sensorRef}`;
/** A shard of a rule that remembers; `version` tells of which condition and guard. */
export const shardWorkflowId = (ruleRef: string, version: string, shard: number): string =>
  `shard/${ruleRef}/${version}/${shard}`;
export const timerWorkflowId = (triggerRef: string): string => `timer/${triggerRef}`;
/** `seed` is fresh randomness, or the key with which a caller repeats its request. */
export const backfillWorkflowId = (ruleRef: string, seed: string): string =>
  `backfill/${ruleRef}/${digest(['backfill', ruleRef, seed]).slice(0, 24)}`;

/** Event id of an event that is put into the log again; `seed` as for a backfill. */
export const reEmittedEventId = (instanceId: string, seed: string): string =>
  `re-emit-${digest(['re-emit', instanceId, seed]).slice(0, 32)}`;
