import type { JsonObject, JsonValue } from './json';
import type { TriggerInstanceStatus } from './statuses';

/** An event as a door hands it to the log: a CloudEvent whose type is a trigger's ref. */
export interface NewEvent {
  /** CloudEvents `type`: the trigger's ref. */
  trigger: string;
  /** CloudEvents `source`: who says so, e.g. `/webhooks/sample`, `/sensors/demo.CheckSensor`. */
  source: string;
  /** CloudEvents `id`: unique within the source; chosen by the producer, and with the source the deduplication key. */
  eventId: string;
  /** CloudEvents `time`, ISO 8601. */
  occurredAt: string;
  payload: JsonObject;
  /** Extension `tracetag`. */
  traceTag?: string;
  /** Extension `partitionkey`; events of one key keep their order. Default: the source. */
  partitionKey?: string;
}

/** An event at its place in the log: StackStorm's trigger instance. */
export interface LoggedEvent extends NewEvent {
  /** ids.triggerInstanceId of the position. */
  instanceId: string;
  partition: number;
  offset: number;
}

/** A record of the topic that is no event. Kept byte for byte for the dead-letter topic. */
export interface MalformedRecord {
  /** ids.triggerInstanceId of its place, though it is no trigger instance: the id of its dead letter. */
  id: string;
  /** The record's own time, ISO 8601; null when it has none that can be read. */
  recordedAt: string | null;
  partition: number;
  offset: number;
  reason: 'INVALID_EVENT' | 'INVALID_ENCODING' | 'EVENT_TOO_LARGE';
  detail: string;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers: Record<string, string>;
}

export type LogEntry = { kind: 'event'; event: LoggedEvent } | { kind: 'malformed'; record: MalformedRecord };

/** Trigger instance in StackStorm's API shape. */
export interface TriggerInstance {
  id: string;
  trigger: string;
  occurrence_time: string;
  status: TriggerInstanceStatus;
  payload: JsonValue;
}
