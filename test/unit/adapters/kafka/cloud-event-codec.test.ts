import { decodeCloudEvent, encodeCloudEvent } from '../../../../src/adapters/kafka/cloud-event-codec';
import type { RawRecord } from '../../../../src/adapters/kafka/cloud-event-codec';

const AT = Date.parse('2026-01-02T03:04:05.678Z');
const binary = (headers: RawRecord['headers'], value: string | Buffer | null = '{"a":1}'): RawRecord => ({
  key: null,
  value: value === null ? null : Buffer.from(value),
  headers: { ce_specversion: '1.0', ce_id: 'i', ce_source: '/s', ce_type: 'p.t', ...headers },
  timestamp: String(AT),
});
const structured = (document: unknown, contentType = 'application/cloudevents+json; charset=UTF-8'): RawRecord => ({
  key: null,
  value: Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)),
  headers: { 'content-type': Buffer.from(contentType) },
  timestamp: String(AT),
});
const REQUIRED = { specversion: '1.0', id: 'i', source: '/s', type: 'p.t' };

test('what is written is read back equal', () => {
  const event = {
    id: 'ï/1',
    source: '/s',
    type: 'p.t',
    time: '2026-01-01T00:00:00.123456Z',
    subject: 'sub',
    traceTag: 'tag',
    partitionKey: 'k',
    data: { nested: { list: [1, null, 'ü'] } },
  };
  const record = encodeCloudEvent(event, 'k');
  expect(decodeCloudEvent({ ...record, key: Buffer.from('k'), timestamp: '0' })).toEqual({ ok: true, event });
});

test('binary mode: time defaults to the record, content type is taken for JSON', () => {
  for (const contentType of [undefined, 'application/json', 'text/plain']) {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    expect(decodeCloudEvent(binary(headers))).toEqual({
      ok: true,
      event: { id: 'i', source: '/s', type: 'p.t', time: '2026-01-02T03:04:05.678Z', data: { a: 1 } },
    });
  }
});

test('structured mode: attributes and extensions come from the document, data may be base64', () => {
  const document = { ...REQUIRED, time: '2026-01-01T01:00:00+01:00', tracetag: 't', partitionkey: 'k' };
  const expected = {
    ok: true,
    event: {
      id: 'i',
      source: '/s',
      type: 'p.t',
      time: '2026-01-01T00:00:00.000Z',
      traceTag: 't',
      partitionKey: 'k',
      data: { a: 1 },
    },
  };
  expect(decodeCloudEvent(structured({ ...document, data: { a: 1 } }))).toEqual(expected);
  expect(decodeCloudEvent(structured({ ...document, data_base64: btoa('{"a":1}') }))).toEqual(expected);
});

test.each([
  ['no value', binary({}, null), 'INVALID_EVENT', 'data is missing'],
  ['empty value', binary({}, ''), 'INVALID_EVENT', 'data is not valid JSON'],
  ['array', binary({}, '[1]'), 'INVALID_EVENT', 'data must be a JSON object'],
  ['scalar', binary({}, '"secret"'), 'INVALID_EVENT', 'data must be a JSON object'],
  ['bad JSON', binary({}, '{"secret": '), 'INVALID_EVENT', 'data is not valid JSON'],
  ['bad UTF-8 in data', binary({}, Buffer.from([0x22, 0xff, 0x22])), 'INVALID_ENCODING', 'data is not valid UTF-8'],
  ['bad UTF-8 in id', binary({ ce_id: Buffer.from([0xc3]) }), 'INVALID_ENCODING', 'attribute id is not valid UTF-8'],
  ['no type', binary({ ce_type: undefined }), 'INVALID_EVENT', 'attribute type is missing'],
  ['no headers', { ...binary({}), headers: undefined }, 'INVALID_EVENT', 'attribute specversion is missing'],
  ['empty id', binary({ ce_id: '' }), 'INVALID_EVENT', 'attribute id must not be empty'],
  ['id twice', binary({ ce_id: ['a', 'b'] }), 'INVALID_EVENT', 'attribute id comes more than once'],
  ['version 0.3', binary({ ce_specversion: '0.3' }), 'INVALID_EVENT', 'attribute specversion must be 1.0'],
  ['odd time', binary({ ce_time: 'yesterday' }), 'INVALID_EVENT', 'attribute time is not an RFC 3339 time'],
  [
    'impossible time',
    binary({ ce_time: '2026-13-01T00:00:00Z' }),
    'INVALID_EVENT',
    'attribute time is not an RFC 3339 time',
  ],
  [
    'structured without id',
    structured({ ...REQUIRED, id: undefined, data: {} }),
    'INVALID_EVENT',
    'attribute id is missing',
  ],
  [
    'structured with number as source',
    structured({ ...REQUIRED, source: 1, data: {} }),
    'INVALID_EVENT',
    'attribute source must be a string',
  ],
  ['structured without data', structured(REQUIRED), 'INVALID_EVENT', 'data must be a JSON object'],
  [
    'structured inherited name',
    structured('{"__proto__":{"id":"x"}}'),
    'INVALID_EVENT',
    'attribute specversion is missing',
  ],
  ['structured bad JSON', structured('{'), 'INVALID_EVENT', 'the event is not valid JSON'],
  [
    'batch',
    structured([], 'application/cloudevents-batch+json'),
    'INVALID_EVENT',
    'content-type: only application/cloudevents+json is read',
  ],
] as const)('%s is told by attribute', (_name, record, reason, detail) => {
  expect(decodeCloudEvent(record as RawRecord)).toEqual({ ok: false, reason, detail });
});
