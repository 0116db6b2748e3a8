import { isUtf8 } from 'node:buffer';
import type { IHeaders } from 'kafkajs';
import type { ErrorCode } from '../../model/errors';
import type { JsonObject } from '../../model/json';
import { isJsonObject } from '../../model/json';
import { headerTable } from './headers';
import type { HeaderTable } from './headers';

/** A CloudEvent 1.0 whose data is a JSON object: the only kind Everstorm writes and reads. */
export interface CloudEvent {
  id: string;
  source: string;
  type: string;
  /** RFC 3339. */
  time: string;
  subject?: string;
  /** Extension `tracetag`. */
  traceTag?: string;
  /** Extension `partitionkey`. */
  partitionKey?: string;
  data: JsonObject;
}

/** A record as Kafka has it. */
export interface RawRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers?: IHeaders | undefined;
  /** Milliseconds since 1970, as text. */
  timestamp: string;
}

export type Decoded =
  | { ok: true; event: CloudEvent }
  | { ok: false; reason: Extract<ErrorCode, 'INVALID_EVENT' | 'INVALID_ENCODING'>; detail: string };

/** Thrown and caught within this file: why a record is no event. */
class Malformed extends Error {
  constructor(
    readonly reason: 'INVALID_EVENT' | 'INVALID_ENCODING',
    detail: string,
  ) {
    super(detail);
  }
}

const invalid = (detail: string): Malformed => new Malformed('INVALID_EVENT', detail);
const BYTE_ORDER_MARK = 0xfeff;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const STRUCTURED_JSON = /^application\/cloudevents\+json\s*(;|$)/i;
const CLOUD_EVENTS = /^application\/cloudevents/i;

/** Longest attribute, bytes: what database and Temporal can still look things up by. */
export const MAX_ATTRIBUTE_BYTES = 2_000;

/** True for an RFC 3339 time that exists. */
export const isRfc3339 = (text: string): boolean => RFC_3339.test(text) && !Number.isNaN(Date.parse(text));

function text(bytes: Buffer, where: string): string {
  if (!isUtf8(bytes)) throw new Malformed('INVALID_ENCODING', `${where} is not valid UTF-8`);
  const content = bytes.toString();
  return content.charCodeAt(0) === BYTE_ORDER_MARK ? content.slice(1) : content;
}

function json(content: string, where: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    throw invalid(`${where} is not valid JSON`); // the parser's own message quotes the content
  }
}

/** What is read of an event, and the header that has it in binary mode. */
const HEADERS = {
  specversion: 'ce_specversion',
  id: 'ce_id',
  source: 'ce_source',
  type: 'ce_type',
  time: 'ce_time',
  subject: 'ce_subject',
  tracetag: 'ce_tracetag',
  partitionkey: 'ce_partitionkey',
} as const;
type AttributeName = keyof typeof HEADERS;

/** Attribute by name; undefined when the event has none. */
type Attributes = (name: AttributeName) => unknown;

function attribute(attributes: Attributes, name: AttributeName): string | undefined {
  const value = attributes(name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`attribute ${name} must be a string`);
  if (value === '') throw invalid(`attribute ${name} must not be empty`);
  if (Buffer.byteLength(value) > MAX_ATTRIBUTE_BYTES)
    throw invalid(`attribute ${name} is longer than ${MAX_ATTRIBUTE_BYTES} bytes`);
  return value;
}

function required(attributes: Attributes, name: AttributeName): string {
  const value = attribute(attributes, name);
  if (value === undefined) throw invalid(`attribute ${name} is missing`);
  return value;
}

function recordTime(record: RawRecord): string {
  const at = new Date(Number(record.timestamp));
  if (Number.isNaN(at.getTime())) throw invalid('attribute time is missing and the record has no usable timestamp');
  return at.toISOString();
}

function timeOf(attributes: Attributes, record: RawRecord): string {
  const time = attribute(attributes, 'time');
  if (time === undefined) return recordTime(record);
  if (!isRfc3339(time)) throw invalid('attribute time is not an RFC 3339 time');
  const zulu = time.endsWith('Z') || time.endsWith('z');
  return zulu ? time.toUpperCase() : new Date(time).toISOString();
}

function build(attributes: Attributes, record: RawRecord, data: () => unknown): CloudEvent {
  const version = required(attributes, 'specversion');
  if (version !== '1.0') throw invalid('attribute specversion must be 1.0');
  const subject = attribute(attributes, 'subject');
  const traceTag = attribute(attributes, 'tracetag');
  const partitionKey = attribute(attributes, 'partitionkey');
  const event: Omit<CloudEvent, 'data'> = {
    id: required(attributes, 'id'),
    source: required(attributes, 'source'),
    type: required(attributes, 'type'),
    time: timeOf(attributes, record),
  };
  if (subject !== undefined) event.subject = subject;
  if (traceTag !== undefined) event.traceTag = traceTag;
  if (partitionKey !== undefined) event.partitionKey = partitionKey;
  const content = data();
  if (!isJsonObject(content)) throw invalid('data must be a JSON object');
  return Object.assign(event, { data: content });
}

function decodeBinary(record: RawRecord, headers: HeaderTable): CloudEvent {
  const attributes: Attributes = (name) => {
    const header = HEADERS[name];
    if (headers.repeated.size > 0 && headers.repeated.has(header))
      throw invalid(`attribute ${name} comes more than once`);
    const bytes = headers.values[header];
    return bytes && text(bytes, `attribute ${name}`);
  };
  return build(attributes, record, () => {
    if (!record.value) throw invalid('data is missing');
    return json(text(record.value, 'data'), 'data');
  });
}

function decodeStructured(record: RawRecord): CloudEvent {
  if (!record.value) throw invalid('the event is missing: the record has no value');
  const document = json(text(record.value, 'the event'), 'the event');
  if (!isJsonObject(document)) throw invalid('the event must be a JSON object');
  const own = (name: string): unknown => (Object.hasOwn(document, name) ? document[name] : undefined);
  return build(own, record, () => {
    const base64 = own('data_base64');
    if (base64 === undefined) return own('data');
    if (typeof base64 !== 'string') throw invalid('data_base64 must be a string');
    return json(text(Buffer.from(base64, 'base64'), 'data'), 'data');
  });
}

/**
 * Reads a record by the CloudEvents Kafka binding, binary (`ce_*` headers; any content type is taken for JSON) or structured mode
 * (content type `application/cloudevents+json`). Never throws; the detail names the attribute at fault and holds no value.
 */
export function decodeCloudEvent(record: RawRecord): Decoded {
  try {
    const headers = headerTable(record.headers);
    const contentType = headers.values['content-type']?.toString('latin1').trim() ?? '';
    if (STRUCTURED_JSON.test(contentType)) return { ok: true, event: decodeStructured(record) };
    if (CLOUD_EVENTS.test(contentType)) throw invalid('content-type: only application/cloudevents+json is read');
    return { ok: true, event: decodeBinary(record, headers) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, reason: error.reason, detail: error.message };
  }
}

export interface EncodedRecord {
  key: string;
  value: Buffer;
  headers: Record<string, string>;
}

/** Writes binary mode. `key` decides the partition. */
export function encodeCloudEvent(event: CloudEvent, key: string): EncodedRecord {
  return {
    key,
    value: Buffer.from(JSON.stringify(event.data)),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_source: event.source,
      ce_type: event.type,
      ce_time: event.time,
      ...(event.subject !== undefined && { ce_subject: event.subject }),
      ...(event.traceTag !== undefined && { ce_tracetag: event.traceTag }),
      ...(event.partitionKey !== undefined && { ce_partitionkey: event.partitionKey }),
    },
  };
}
