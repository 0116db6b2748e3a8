import type { LogEntry, LoggedEvent, MalformedRecord, NewEvent } from '../../model/event';
import { triggerInstanceId } from '../../model/ids';
import type { LogPosition } from '../../model/ids';
import { EverstormError } from '../../model/errors';
import { isJsonObject } from '../../model/json';
import type { JsonObject } from '../../model/json';
import { MAX_ATTRIBUTE_BYTES, decodeCloudEvent, encodeCloudEvent, isRfc3339 } from './cloud-event-codec';
import type { CloudEvent, EncodedRecord, RawRecord } from './cloud-event-codec';
import { headersAsText } from './headers';

/** Largest encoded event, bytes: Kafka's usual limit. A compressed batch may bring larger ones. */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** An event and, out of everyone's sight, the record it was read from: a dead letter is to be what its producer wrote, byte for byte. */
class ReadEvent implements LoggedEvent {
  readonly trigger: string;
  readonly source: string;
  readonly eventId: string;
  readonly occurredAt: string;
  readonly payload: JsonObject;
  readonly instanceId: string;
  readonly partition: number;
  readonly offset: number;
  declare traceTag?: string;
  declare partitionKey?: string;
  readonly #record: RawRecord;

  constructor(
    { type, source, id, time, data, traceTag, partitionKey }: CloudEvent,
    record: RawRecord,
    at: LogPosition,
  ) {
    this.trigger = type;
    this.source = source;
    this.eventId = id;
    this.occurredAt = time;
    this.payload = data;
    this.instanceId = triggerInstanceId(at);
    this.partition = at.partition;
    this.offset = at.offset;
    if (traceTag !== undefined) this.traceTag = traceTag;
    if (partitionKey !== undefined) this.partitionKey = partitionKey;
    this.#record = record;
  }

  static originalOf(event: LoggedEvent): RawRecord | undefined {
    return #record in event ? event.#record : undefined;
  }
}

/** The record an event was read from; undefined for an event that was made otherwise, copies included. */
export const originalOf = (event: LoggedEvent): RawRecord | undefined => ReadEvent.originalOf(event);

/** Throws INVALID_EVENT (details.field) when a required attribute is missing or wrong. */
export function encodeEvent(event: NewEvent): EncodedRecord {
  for (const field of ['trigger', 'source', 'eventId'] as const) {
    if (typeof event[field] !== 'string' || event[field] === '') {
      throw new EverstormError('INVALID_EVENT', `${field} must not be empty`, { field });
    }
  }
  for (const field of ['trigger', 'source', 'eventId', 'traceTag', 'partitionKey'] as const) {
    if (Buffer.byteLength(event[field] ?? '') <= MAX_ATTRIBUTE_BYTES) continue;
    const expected = `at most ${MAX_ATTRIBUTE_BYTES} bytes`;
    throw new EverstormError('INVALID_EVENT', `${field} is longer than ${MAX_ATTRIBUTE_BYTES} bytes`, {
      field,
      expected,
    });
  }
  if (!isRfc3339(event.occurredAt)) {
    throw new EverstormError('INVALID_EVENT', 'occurredAt must be an RFC 3339 time', { field: 'occurredAt' });
  }
  if (!isJsonObject(event.payload)) {
    throw new EverstormError('INVALID_EVENT', 'payload must be a JSON object', { field: 'payload' });
  }
  // Kafka's header of an empty extension could not be told from a missing one by every reader: empty means none.
  const content = {
    id: event.eventId,
    source: event.source,
    type: event.trigger,
    time: event.occurredAt,
    ...(event.traceTag && { traceTag: event.traceTag }),
    ...(event.partitionKey && { partitionKey: event.partitionKey }),
    data: event.payload,
  };
  return encodeCloudEvent(content, event.partitionKey || event.source);
}

type Problem = Pick<MalformedRecord, 'reason' | 'detail'>;
const TOO_LARGE = {
  ok: false,
  reason: 'EVENT_TOO_LARGE',
  detail: `the record's value is larger than ${MAX_EVENT_BYTES} bytes`,
} as const;

function malformed(record: RawRecord, position: LogPosition, { reason, detail }: Problem): MalformedRecord {
  const { key, value } = record;
  const recordedAt = new Date(Number(record.timestamp));
  return {
    id: triggerInstanceId(position),
    recordedAt: Number.isNaN(recordedAt.getTime()) ? null : recordedAt.toISOString(),
    partition: position.partition,
    offset: position.offset,
    ...{ reason, detail, key, value, headers: headersAsText(record.headers) },
  };
}

/** A record at its place, as an event or as what is wrong with it. */
export function decodeEntry(record: RawRecord, position: LogPosition): LogEntry {
  const decoded = (record.value?.length ?? 0) > MAX_EVENT_BYTES ? TOO_LARGE : decodeCloudEvent(record);
  if (!decoded.ok) return { kind: 'malformed', record: malformed(record, position, decoded) };
  return { kind: 'event', event: new ReadEvent(decoded.event, record, position) };
}
