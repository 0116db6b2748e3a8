import { createKafka } from '../adapters/kafka/create-kafka';
import type { KafkaParts } from '../adapters/kafka/create-kafka';
import { createStore } from '../adapters/postgres/create-store';
import { loadCodecKey } from '../adapters/temporal/keys';
import { createTemporal } from '../adapters/temporal/create-temporal';
import type { Temporal } from '../adapters/temporal/create-temporal';
import type { PlatformConfig } from '../config/platform-config';
import type { HealthCheck } from '../ports/health';
import type { Store } from '../ports/store';
import type { Logger } from '../telemetry/logger';
import { createMetrics } from '../telemetry/metrics';
import type { Metrics } from '../telemetry/metrics';
import { devPaths } from './dev/paths';

/** The adapters that all roles of a process share. */
export interface Platform {
  config: PlatformConfig;
  log: Logger;
  metrics: Metrics;
  store: Store;
  kafka: KafkaParts;
  temporal: Temporal;
  codecKey: Uint8Array;
  health: HealthCheck[];
  close(): Promise<void>;
}

/** Connects to everything and prepares it (tables, topics, namespace, search attributes); each step is idempotent and safe from several processes. */
export async function openPlatform(config: PlatformConfig, log: Logger): Promise<Platform> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    const store = await createStore(databaseOf(config), { webUiBase: config.webUiBase });
    closers.push(() => store.close());
    await store.migrate();
    const kafka = createKafka({
      brokers: config.kafka.brokers,
      topicPrefix: config.kafka.topicPrefix,
      clientId: 'everstorm',
      platform: store.platform,
      log: (level, message, fields) => log[level](fields, message),
    });
    closers.push(() => kafka.close());
    await kafka.ensureTopics({ replication: config.kafka.replication });
    const codecKey = await loadCodecKey(codecKeySource(config));
    const temporal = await createTemporal({
      address: config.temporal.address,
      namespace: config.temporal.namespace,
      codecKey,
    });
    closers.push(() => temporal.close());
    await temporal.prepare();
    const database: HealthCheck = { name: 'database', check: () => store.ping() };
    const health = [temporal.health, kafka.health, database];
    return { config, log, metrics: createMetrics(), store, kafka, temporal, codecKey, health, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const databaseOf = ({ databaseUrl, home }: PlatformConfig): Parameters<typeof createStore>[0] =>
  databaseUrl === null ? { directory: devPaths(home).database } : { databaseUrl };

/** A key that is made by itself is for the one process of `dev` only: several processes would each make their own. */
function codecKeySource({ codec, databaseUrl, home }: PlatformConfig): Parameters<typeof loadCodecKey>[0] {
  return {
    ...(codec.key !== null && { key: codec.key }),
    ...(codec.keyFile !== null && { keyFile: codec.keyFile }),
    ...(databaseUrl === null && { generateAt: devPaths(home).codecKey }),
  };
}
