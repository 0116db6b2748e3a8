import { Client, Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { EverstormError, messageOf } from '../../model/errors';
import { createDataConverter } from './codec';

/** Every call to Temporal has this deadline. */
export const CALL_TIMEOUT_MS = 10_000;

/** gRPC's own limit is two minutes, for which calls would go on failing after a long outage is over. */
const RECONNECT_WITHIN_MS = 3_000;

/** gRPC status codes, as numbers on the wire. */
export const GRPC = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNAVAILABLE: 14,
} as const;
const OUTAGE: ReadonlySet<unknown> = new Set([1, GRPC.DEADLINE_EXCEEDED, GRPC.RESOURCE_EXHAUSTED, GRPC.UNAVAILABLE]);

/** A client with its connection, so that calls can carry a deadline and the connection can be closed. */
export interface TemporalClient {
  client: Client;
  connection: Connection;
  namespace: string;
  codec: PayloadCodec;
}

/** Connects to `address` (host:port). Throws UNAVAILABLE when no server answers within the time-out. */
export async function connectClient(options: {
  address: string;
  namespace: string;
  codec: PayloadCodec;
}): Promise<TemporalClient> {
  const { address, namespace, codec } = options;
  try {
    const connection = await Connection.connect({
      address,
      connectTimeout: CALL_TIMEOUT_MS,
      channelArgs: { 'grpc.max_reconnect_backoff_ms': RECONNECT_WITHIN_MS },
    });
    const client = new Client({ connection, namespace, dataConverter: createDataConverter(codec) });
    return { client, connection, namespace, codec };
  } catch (cause) {
    throw new EverstormError('UNAVAILABLE', `Temporal at ${address} does not answer`, {}, { cause });
  }
}

/** Runs one call under a deadline; an outage becomes UNAVAILABLE, every other error passes. */
export async function call<T>(connection: Connection, act: () => Promise<T>, timeoutMs = CALL_TIMEOUT_MS): Promise<T> {
  try {
    return await connection.withDeadline(Date.now() + timeoutMs, act);
  } catch (error) {
    throw translated(error);
  }
}

/** gRPC status of an error, looking through the SDK's wrapper; undefined when it has none. */
export function grpcCode(error: unknown): number | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'number') return code;
  return cause === undefined ? undefined : grpcCode(cause);
}

/** UNAVAILABLE for an outage, else the error itself. */
export function translated(error: unknown): unknown {
  if (!OUTAGE.has(grpcCode(error))) return error;
  return new EverstormError('UNAVAILABLE', `Temporal is unavailable: ${messageOf(error)}`, {}, { cause: error });
}

/** The SDK's errors are told by name: `instanceof` lies across module copies. */
export function isNamed(error: unknown, name: string): boolean {
  return (error as { name?: unknown } | null)?.name === name;
}

/** Temporal does not know the workflow or the run (any more), or has closed it already. */
export const isNotFound = (error: unknown): boolean =>
  isNamed(error, 'WorkflowNotFoundError') || grpcCode(error) === GRPC.NOT_FOUND;
