import type { KafkaMessage } from 'kafkajs';
import { decodeEntry, encodeEvent } from '../../../../src/adapters/kafka/event-codec';
import type { OutgoingRecord } from '../../../../src/adapters/kafka/event-producer';
import {
  decodeLetter,
  encodeLetter,
  encodeWithoutContent,
  letterContent,
} from '../../../../src/adapters/kafka/letter-codec';
import type { LogEntry, LoggedEvent, MalformedRecord } from '../../../../src/model/event';
import { triggerInstanceId } from '../../../../src/model/ids';

const POSITION = { epoch: 7, partition: 2, offset: 40 };
const ID = triggerInstanceId(POSITION);
const AT = Date.parse('2026-01-02T03:04:05.000Z');
const WHY = { code: 'UNKNOWN_TRIGGER', reason: 'no such trigger' } as const;

const message = ({ key, value, headers }: OutgoingRecord, over: object = {}): KafkaMessage =>
  ({
    key: key === null ? null : Buffer.from(key),
    value,
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
    timestamp: String(AT),
    offset: '9',
    ...over,
  }) as unknown as KafkaMessage;

const headersOf = (over: object = {}): Record<string, string> => ({
  ...{ ce_specversion: '1.0', ce_id: 'i', ce_source: '/s', ce_type: 'p.t', Other: 'kept' },
  ...over,
});
const entryOf = (value: string, headers = headersOf()): LogEntry =>
  decodeEntry({ key: Buffer.from('k'), value: Buffer.from(value), headers, timestamp: '1000' }, POSITION);
const eventIn = (entry: LogEntry): LoggedEvent => (entry as { event: LoggedEvent }).event;
const recordIn = (entry: LogEntry): MalformedRecord => (entry as { record: MalformedRecord }).record;

test('the letter of an event tells it, and holds it as it was: same id, time of the record, payload, place', () => {
  const event = eventIn(entryOf('{"a":1}'));
  const letter = message(encodeLetter(event, { ...WHY, ruleRef: 'p.r' }, 'topic'));
  expect(decodeLetter(letter, 3)).toEqual({
    ...{ id: ID, code: 'UNKNOWN_TRIGGER', reason: 'no such trigger', isEvent: true, ruleRef: 'p.r' },
    ...{ trigger: 'p.t', source: '/s', eventId: 'i', traceTag: null, occurredAt: '1970-01-01T00:00:01.000Z' },
    ...{ setAsideAt: '2026-01-02T03:04:05.000Z', place: { partition: 3, offset: 9 } },
  });
  expect(letterContent(letter, ID)).toEqual({ kind: 'event', event });
  expect(letterContent(letter, triggerInstanceId({ ...POSITION, epoch: 8 }))).toBeNull();
});

test('a malformed record is told by its headers, and what was wrong is found again', () => {
  const { id, ...record } = recordIn(entryOf('{"a":', headersOf({ ce_type: 't'.repeat(900) })));
  const letter = message(encodeLetter({ id, ...record }, { code: record.reason, reason: record.detail }, 'topic'));
  expect(id).toBe(ID);
  expect(decodeLetter(letter, 0)).toMatchObject({
    id,
    code: 'INVALID_EVENT',
    isEvent: false,
    trigger: 't'.repeat(500),
  });
  expect(letterContent(letter, ID)).toMatchObject({
    kind: 'malformed',
    record: { id, detail: 'data is not valid JSON' },
  });
});

test('what another letter left in the headers of a record does not count', () => {
  const old = encodeLetter(eventIn(entryOf('{}')), { ...WHY, ruleRef: 'p.old' }, 'topic');
  const copied = Object.fromEntries(Object.entries(old.headers).map(([name, text]) => [name, text.toString()]));
  const again = recordIn(entryOf('{', { ...copied, ES_DLQ_INSTANCE: 'f'.repeat(24) }));
  const letter = decodeLetter(message(encodeLetter(again, { code: 'INVALID_EVENT', reason: 'x' }, 'topic')), 0);
  expect(letter).toMatchObject({ id: ID, isEvent: false, ruleRef: null, code: 'INVALID_EVENT' });
});

test('a letter without content names the place and what is short', () => {
  const record = recordIn(entryOf('x'.repeat(1_048_577), headersOf({ ce_source: 's'.repeat(600) })));
  expect(record.reason).toBe('EVENT_TOO_LARGE');
  const letter = message(encodeWithoutContent(record, { code: record.reason, reason: record.detail }, 'topic'));
  expect(letter.value).toBeNull();
  expect(decodeLetter(letter, 0)).toMatchObject({ id: ID, code: 'EVENT_TOO_LARGE', trigger: 'p.t', source: null });
  expect(letterContent(letter, ID)).toBe('omitted');
});

test('what is no letter is told apart, and letters of 0.1, which name a place without its epoch, are read', () => {
  const plain = encodeEvent(eventIn(entryOf('{}')));
  expect(decodeLetter(message(plain), 0)).toBeNull();
  const old = {
    ...plain,
    headers: { ...plain.headers, es_dlq_code: 'GONE', es_dlq_partition: '1', es_dlq_offset: '2' },
  };
  const letter = decodeLetter(message(old), 0);
  expect(letter).toMatchObject({ id: '000000000001000000000002', code: 'INTERNAL', isEvent: false, trigger: 'p.t' });
});

test.each(['id', 'source', 'type', 'tracetag', 'partitionkey'])(
  'an attribute %s of 2,001 bytes makes no event',
  (name) => {
    expect(entryOf('{}', headersOf({ [`ce_${name}`]: 'ü'.repeat(1_000) }))).toMatchObject({ kind: 'event' });
    expect(entryOf('{}', headersOf({ [`ce_${name}`]: `${'ü'.repeat(1_000)}x` }))).toMatchObject({
      record: { reason: 'INVALID_EVENT', detail: `attribute ${name} is longer than 2000 bytes` },
    });
  },
);

test.each(['trigger', 'source', 'eventId', 'traceTag', 'partitionKey'])(
  'an event with a %s of 2,001 bytes is not written',
  (field) => {
    const event = { ...eventIn(entryOf('{}')), [field]: 'x'.repeat(2_001) };
    expect(() => encodeEvent(event)).toThrow(expect.objectContaining({ code: 'INVALID_EVENT' }) as Error);
  },
);
