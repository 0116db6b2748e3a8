import type { KafkaMessage } from 'kafkajs';
import { toChunk } from '../../../../src/adapters/kafka/chunk';

const messages = (text: string): KafkaMessage[] =>
  [...text].map((c, i) => ({
    key: null,
    value: Buffer.from(c),
    timestamp: '0',
    attributes: 0,
    offset: String(10 + i),
    headers: {},
  }));
const decode = (message: KafkaMessage): string | null => (String(message.value) === '-' ? null : String(message.value));

test.each([
  ['abc', { entries: ['a', 'b', 'c'], resolvable: ['10', '11', '12'], skipped: null }],
  ['--a--b-', { entries: ['a', 'b'], resolvable: ['14', '16'], skipped: '11' }],
  ['--', { entries: [], resolvable: [], skipped: '11' }],
])('skipped records are resolved with the entry before them: %s', (text, expected) => {
  expect(toChunk(messages(text), decode)).toEqual(expected);
});
