import type { Backfills } from '../../ports/backfills';
import type { Deployments } from '../../ports/deployments';
import type { Executions, Housekeeping } from '../../ports/executions';
import type { HealthCheck } from '../../ports/health';
import type { Runs } from '../../ports/runs';
import type { Shards } from '../../ports/shards';
import { EXECUTION_TASK_QUEUE, SENSOR_TASK_QUEUE } from '../../../workflows/contract';
import { createBackfills } from './backfills';
import { connectClient } from './client';
import { createCodec } from './codec';
import { createCodecEndpoint } from './codec-endpoint';
import type { CodecEndpoint } from './codec-endpoint';
import { createDeployments } from './deployments';
import { createExecutions } from './executions';
import { createTemporalHealth } from './health';
import { createHousekeeping } from './housekeeping';
import { createRuns } from './runs';
import { createShards } from './shards';
import { ensureNamespace, ensureSearchAttributes } from './namespace';

export interface TemporalOptions {
  /** host:port. */
  address: string;
  namespace: string;
  /** 32 bytes (keys.ts). */
  codecKey: Uint8Array;
  /** Keys of earlier times, for decoding. */
  olderCodecKeys?: readonly Uint8Array[];
  executionTaskQueue?: string;
  sensorTaskQueue?: string;
}

/** Everything the roles need of Temporal but the workers (worker.ts). */
export interface Temporal {
  executions: Executions;
  runs: Runs;
  housekeeping: Housekeeping;
  shards: Shards;
  backfills: Backfills;
  deployments: Deployments;
  health: HealthCheck;
  codecEndpoint: CodecEndpoint;
  /** Creates namespace and search attributes. Idempotent. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/** Connects to Temporal. Throws UNAVAILABLE when it does not answer within the time-out. */
export async function createTemporal(options: TemporalOptions): Promise<Temporal> {
  const { address, namespace, codecKey, olderCodecKeys } = options;
  const executionTaskQueue = options.executionTaskQueue ?? EXECUTION_TASK_QUEUE;
  const sensorTaskQueue = options.sensorTaskQueue ?? SENSOR_TASK_QUEUE;
  const codec = createCodec(codecKey, olderCodecKeys);
  const temporalClient = await connectClient({ address, namespace, codec });
  return {
    executions: createExecutions(temporalClient, executionTaskQueue),
    runs: createRuns(temporalClient),
    housekeeping: createHousekeeping(temporalClient, { executionTaskQueue, sensorTaskQueue }),
    shards: createShards(temporalClient, executionTaskQueue),
    backfills: createBackfills(temporalClient, executionTaskQueue),
    deployments: createDeployments(temporalClient, executionTaskQueue),
    health: createTemporalHealth(temporalClient),
    codecEndpoint: createCodecEndpoint(codec),
    async prepare() {
      await ensureNamespace(temporalClient.connection, namespace);
      await ensureSearchAttributes(temporalClient.connection, namespace);
    },
    close: () => temporalClient.connection.close(),
  };
}
