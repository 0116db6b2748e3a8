import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { SetAside } from '../../model/dead-letter';
import { ERRORS } from '../../model/errors';
import type { ErrorCode } from '../../model/errors';
import type { LogEntry, LoggedEvent, MalformedRecord } from '../../model/event';
import { isId, parseTriggerInstanceId, triggerInstanceId } from '../../model/ids';
import type { DeadLetter } from '../../ports/event-log';
import type { RawRecord } from './cloud-event-codec';
import { decodeEntry, encodeEvent, originalOf } from './event-codec';
import type { OutgoingRecord } from './event-producer';
import { readHeaders } from './headers';

const PREFIX = 'es_dlq_';
/** Headers that a dead letter has besides those of the record. */
const NAMES = {
  /** Place of the record in the log, as the id of a trigger instance. */
  id: `${PREFIX}id`,
  code: `${PREFIX}code`,
  reason: `${PREFIX}reason`,
  topic: `${PREFIX}topic`,
  partition: `${PREFIX}partition`,
  offset: `${PREFIX}offset`,
  rule: `${PREFIX}rule`,
  /** Id of the trigger instance; malformed records have none. */
  instance: `${PREFIX}instance`,
  /** When the event occurred; of a malformed record, the record's own time. */
  time: `${PREFIX}time`,
  /** Bytes of a value that could not be kept. */
  omitted: `${PREFIX}omitted`,
} as const;

const LONGEST_REASON = 2_000;
/** What is told of a malformed record's attributes is for people. */
const LONGEST_TOLD = 500;
const MOST_TOLD = 50;

const buffer = (bytes: Uint8Array | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
const isOwn = (name: string): boolean => name.toLowerCase().startsWith(PREFIX);

/** The record as a letter: its key, value and headers (one that came twice is kept once), with ours. */
export function encodeLetter(
  entry: LoggedEvent | MalformedRecord,
  why: DeadLetter,
  eventsTopic: string,
): OutgoingRecord {
  const { key, value, headers } = recordOf(entry);
  const foreign = Object.entries(headers).filter(([name]) => !isOwn(name));
  return { key, value, headers: { ...Object.fromEntries(foreign), ...ownHeaders(entry, why, eventsTopic) } };
}

/** The letter of a record that is too large to be copied: its place, its short attributes, and why it was set aside. */
export function encodeWithoutContent(
  entry: LoggedEvent | MalformedRecord,
  why: DeadLetter,
  eventsTopic: string,
): OutgoingRecord {
  const { value, headers } = recordOf(entry);
  const short = Object.entries(headers).filter(
    ([name, text]) => name.toLowerCase().startsWith('ce_') && Buffer.byteLength(text) <= LONGEST_TOLD,
  );
  const omitted = { [NAMES.omitted]: String(Buffer.byteLength(value ?? '')) };
  const told = Object.fromEntries(short.slice(0, MOST_TOLD));
  return { key: null, value: null, headers: { ...told, ...ownHeaders(entry, why, eventsTopic), ...omitted } };
}

function recordOf(entry: LoggedEvent | MalformedRecord): OutgoingRecord {
  if ('headers' in entry) return { key: buffer(entry.key), value: buffer(entry.value), headers: { ...entry.headers } };
  const original = originalOf(entry);
  if (!original) return encodeEvent(entry);
  return {
    key: original.key,
    value: original.value,
    headers: Object.fromEntries(readHeaders(original.headers).values),
  };
}

function ownHeaders(
  entry: LoggedEvent | MalformedRecord,
  why: DeadLetter,
  eventsTopic: string,
): Record<string, string> {
  const isEvent = 'instanceId' in entry;
  const time = isEvent ? entry.occurredAt : entry.recordedAt;
  return {
    [NAMES.id]: isEvent ? entry.instanceId : entry.id,
    [NAMES.code]: why.code,
    [NAMES.reason]: why.reason.slice(0, LONGEST_REASON),
    [NAMES.topic]: eventsTopic,
    [NAMES.partition]: String(entry.partition),
    [NAMES.offset]: String(entry.offset),
    ...(isEvent && { [NAMES.instance]: entry.instanceId }),
    ...(time !== null && { [NAMES.time]: time }),
    ...(why.ruleRef !== undefined && { [NAMES.rule]: why.ruleRef }),
  };
}

/** What a message of the topic tells; null when it is no letter (someone else wrote it). */
export function decodeLetter(message: KafkaMessage, partition: number): SetAside | null {
  const told = toldIn(message.headers);
  const id = idOf(told);
  if (id === null) return null;
  const code = told(NAMES.code) ?? '';
  const event = attributesOf(message, id);
  return {
    ...event,
    id,
    code: Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'INTERNAL',
    reason: told(NAMES.reason) ?? '',
    isEvent: told(NAMES.instance) !== undefined,
    occurredAt: event.occurredAt ?? told(NAMES.time) ?? null,
    ruleRef: told(NAMES.rule) ?? null,
    setAsideAt: new Date(Number(message.timestamp)).toISOString(),
    place: { partition, offset: Number(message.offset) },
  };
}

/** What a letter of this id holds; null when the message is another letter (the topic was made anew). */
export function letterContent(message: KafkaMessage, id: string): LogEntry | 'omitted' | null {
  return idOf(toldIn(message.headers)) === id ? contentOf(message, id) : null;
}

type Told = (name: string) => string | undefined;

function toldIn(headers: IHeaders | undefined): Told {
  const { values } = readHeaders(headers);
  return (name) => values.get(name)?.toString();
}

/** Letters of version 0.1 name the place without the epoch, and where they are of events the instance. */
function idOf(told: Told): string | null {
  const id = told(NAMES.id) ?? told(NAMES.instance);
  if (id !== undefined) return isId(id) ? id : null;
  const [partition, offset] = [Number(told(NAMES.partition) ?? NaN), Number(told(NAMES.offset) ?? NaN)];
  try {
    return triggerInstanceId({ epoch: 0, partition, offset });
  } catch {
    return null;
  }
}

function contentOf(message: KafkaMessage, id: string): LogEntry | 'omitted' {
  const told = toldIn(message.headers);
  if (told(NAMES.omitted) !== undefined) return 'omitted';
  const headers = Object.fromEntries(Object.entries(message.headers ?? {}).filter(([name]) => !isOwn(name)));
  const time = Date.parse(told(NAMES.time) ?? '');
  const record: RawRecord = {
    key: message.key,
    value: message.value,
    headers,
    timestamp: Number.isNaN(time) ? message.timestamp : String(time),
  };
  return decodeEntry(record, parseTriggerInstanceId(id) ?? { epoch: 0, partition: 0, offset: 0 });
}

type Attributes = Pick<SetAside, 'trigger' | 'source' | 'eventId' | 'traceTag' | 'occurredAt'>;

/** The event's own, or what the headers of a record that is none say of it; a structured one says nothing. */
function attributesOf(message: KafkaMessage, id: string): Attributes {
  const content = contentOf(message, id);
  if (content !== 'omitted' && content.kind === 'event') {
    const { trigger, source, eventId, traceTag, occurredAt } = content.event;
    return { trigger, source, eventId, traceTag: traceTag ?? null, occurredAt };
  }
  const told = toldIn(message.headers);
  const attribute = (name: string): string | null => told(`ce_${name}`)?.slice(0, LONGEST_TOLD) ?? null;
  return {
    trigger: attribute('type'),
    source: attribute('source'),
    eventId: attribute('id'),
    traceTag: attribute('tracetag'),
    occurredAt: null,
  };
}
