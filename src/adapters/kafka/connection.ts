import { Kafka, logLevel } from 'kafkajs';
import type { LogEntry } from 'kafkajs';
import { EverstormError, messageOf } from '../../model/errors';
import { letIdleConnectionsSleep } from './idle-connections';

export type KafkaLogLevel = 'debug' | 'info' | 'warn' | 'error';
/** Where the adapter's log lines go. Fields are names and numbers of Kafka's (topic, partition, offset …), never keys, values or headers of records. */
export type KafkaLog = (
  level: KafkaLogLevel,
  message: string,
  fields: Record<string, string | number | boolean>,
) => void;

export interface ConnectionOptions {
  /** `host:port` each. */
  brokers: readonly string[];
  clientId: string;
  log: KafkaLog;
}

const FIELDS = ['groupId', 'memberId', 'topic', 'partition', 'broker', 'retryCount', 'retryTime', 'offset'] as const;

function levelOf(level: logLevel): KafkaLogLevel {
  if (level === logLevel.ERROR) return 'error';
  if (level === logLevel.WARN) return 'warn';
  return level === logLevel.INFO ? 'info' : 'debug';
}

/**
 * kafkajs says at warning and error level what every start of a broker brings and what it retries by itself: answers that ask to try again, and
 * that our few retries are few (ours are bounded on purpose). The errors that are not mended come again to whoever called.
 */
const isNoise = ({ namespace, log }: LogEntry): boolean =>
  (namespace === 'Connection' && log.message.startsWith('Response ')) ||
  (namespace === 'Producer' && log.message.startsWith('Limiting retries'));

function forward(log: KafkaLog, entry: LogEntry): void {
  const fields: Record<string, string | number | boolean> = { component: entry.namespace };
  for (const name of FIELDS) {
    const value: unknown = entry.log[name];
    if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
  }
  if (typeof entry.log['error'] === 'string') fields['error'] = entry.log['error'];
  log(isNoise(entry) ? 'debug' : levelOf(entry.level), `kafka: ${entry.log.message}`, fields);
}

/**
 * A kafkajs client whose calls give up within seconds: its own retries are few, because every loop above it (producer, feeds, reader)
 * has its own bounded back-off and must notice an outage. Connects lazily.
 */
export function connectKafka(options: ConnectionOptions): Kafka {
  letIdleConnectionsSleep();
  return new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forward(options.log, entry),
  });
}

/** The promise's value, or UNAVAILABLE after `ms` (the work behind it may go on). `what` names it for people. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new EverstormError('UNAVAILABLE', `Kafka: ${what} took over ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Anything kafkajs threw, as UNAVAILABLE; errors of the catalogue pass. */
export function unavailable(what: string, error: unknown): EverstormError {
  if (error instanceof EverstormError) return error;
  return new EverstormError('UNAVAILABLE', `Kafka: ${what}: ${messageOf(error)}`, {}, { cause: error });
}

/** Whether kafkajs says that the same request may succeed later. */
export const isRetriable = (error: unknown): boolean => (error as { retriable?: unknown } | null)?.retriable === true;

/** Kafka's error name (`MESSAGE_TOO_LARGE` …) of a kafkajs error, looked for along its causes. */
export function kafkaErrorType(error: unknown): string | null {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
    const { type, cause } = current as { type?: unknown; cause?: unknown };
    if (typeof type === 'string') return type;
    current = cause;
  }
  return null;
}
