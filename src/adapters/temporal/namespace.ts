import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { EverstormError } from '../../model/errors';
import { SEARCH_ATTRIBUTES } from '../../../workflows/contract';
import { call, grpcCode, GRPC } from './client';

/** Longer than Kafka keeps events (30 days), so that an event replayed from the log still finds its execution. */
export const RETENTION_DAYS = 37;
const RETENTION_SECONDS = RETENTION_DAYS * 86_400;
const KEYWORD = 2;
/** Servers keep namespaces in a cache for up to 10 s. */
const USABLE_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

/** Creates the namespace or raises its retention to {@link RETENTION_DAYS} days. Idempotent; resolves when it is usable. */
export async function ensureNamespace(connection: Connection, namespace: string): Promise<void> {
  const service = connection.workflowService;
  try {
    await call(connection, () =>
      service.registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never },
      }),
    );
  } catch (error) {
    if (grpcCode(error) !== GRPC.ALREADY_EXISTS) throw error;
    await raiseRetention(connection, namespace);
  }
  await untilUsable(`namespace ${namespace}`, () => countWith(connection, namespace, ''));
}

async function raiseRetention(connection: Connection, namespace: string): Promise<void> {
  const service = connection.workflowService;
  const found = await call(connection, () => service.describeNamespace({ namespace }));
  if (Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0) >= RETENTION_SECONDS) return;
  const config = { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as never } };
  await call(connection, () => service.updateNamespace({ namespace, config }));
}

/** Registers the eight search attributes. Idempotent, safe from several processes; resolves when the server accepts them in queries. */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length > 0) {
    try {
      const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
      await call(connection, () => connection.operatorService.addSearchAttributes({ namespace, searchAttributes }));
    } catch (error) {
      if (grpcCode(error) !== GRPC.ALREADY_EXISTS) throw error;
    }
  }
  const query = SEARCH_ATTRIBUTES.map((name) => `${name} = '-'`).join(' AND ');
  await untilUsable('search attributes', () => countWith(connection, namespace, query));
}

/** Names of our search attributes that the namespace does not have as keywords. */
export async function missingSearchAttributes(
  connection: Connection,
  namespace: string,
  timeoutMs?: number,
): Promise<string[]> {
  const { customAttributes } = await call(
    connection,
    () => connection.operatorService.listSearchAttributes({ namespace }),
    timeoutMs,
  );
  return SEARCH_ATTRIBUTES.filter((name) => customAttributes?.[name] !== KEYWORD);
}

async function countWith(connection: Connection, namespace: string, query: string): Promise<void> {
  await call(connection, () => connection.workflowService.countWorkflowExecutions({ namespace, query }));
}

async function untilUsable(what: string, probe: () => Promise<void>): Promise<void> {
  const giveUpAt = Date.now() + USABLE_WITHIN_MS;
  for (;;) {
    try {
      return await probe();
    } catch (cause) {
      if (Date.now() > giveUpAt) {
        throw new EverstormError('UNAVAILABLE', `Temporal does not accept the ${what} yet`, {}, { cause });
      }
      await pause(LOOK_EVERY_MS);
    }
  }
}
