import { EverstormError } from '../../model/errors';
import type { LogEntry } from '../../model/event';
import type { LogRange, LogSpan } from '../../model/log-range';
import type { LogRanges } from '../../ports/log-ranges';
import type { AdminLink } from './admin-link';
import { decodeEntry } from './event-codec';
import type { RangeReader } from './range-reader';
import type { TopicEpoch } from './topic-epoch';

export interface LogRangeParts {
  topic: string;
  epoch: TopicEpoch;
  ranges: RangeReader;
  admin: AdminLink;
}

/** {@link LogRanges} of a topic on Kafka. */
export function kafkaLogRanges({ topic, epoch, ranges, admin }: LogRangeParts): LogRanges {
  return {
    range: async (fromMs, toMs) => locate({ topic, epoch, admin }, fromMs, toMs),
    readSpan: async (of, { partition, from, before }) => {
      if ((await epoch.current()) !== of)
        throw new EverstormError('NOT_FOUND', 'the topic of events was made anew: its earlier events are gone');
      const bounds = (await admin.offsets(topic)).get(partition);
      const first = Math.max(from, bounds?.low ?? before);
      if (first >= Math.min(before, bounds?.high ?? 0)) return { entries: [], next: before };
      const { messages, next } = await ranges.read(partition, first);
      const entries = messages.flatMap((message): LogEntry[] => {
        const offset = Number(message.offset);
        return offset < before ? [decodeEntry(message, { epoch: of, partition, offset })] : [];
      });
      return { entries, next: Math.min(next, before) };
    },
  };
}

async function locate(
  { topic, epoch, admin }: Pick<LogRangeParts, 'topic' | 'epoch' | 'admin'>,
  fromMs: number,
  toMs: number,
): Promise<LogRange> {
  const [begins, ends, kept, now] = await Promise.all([
    admin.offsetsAt(topic, fromMs),
    admin.offsetsAt(topic, toMs),
    admin.offsets(topic),
    epoch.current(),
  ]);
  const spans = [...kept].flatMap(([partition, { low, high }]): LogSpan[] => {
    const from = Math.max(begins.get(partition) ?? high, low);
    const before = Math.min(ends.get(partition) ?? high, high);
    return from < before ? [{ partition, from, before }] : [];
  });
  return { epoch: now, spans: spans.sort((a, b) => a.partition - b.partition) };
}
