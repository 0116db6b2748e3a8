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
import type { Metrics } from '../telemetry/metrics';
import { devPaths } from './dev/paths';
import type { Reach } from './reach';
import type { Readiness } from './readiness';

/** The adapters that all roles of a process share. */
export interface Platform {
  config: PlatformConfig;
  log: Logger;
  metrics: Metrics;
  store: Store;
  kafka: KafkaParts;
  temporal: Temporal;
  codecKey: Uint8Array;
  health: readonly HealthCheck[];
  close(): Promise<void>;
}

/** How a process opens its platform. */
export interface OpenOptions {
  readiness: Readiness;
  metrics: Metrics;
  reach: Reach;
}

/**
 * Connects to everything and prepares it (tables, topics, namespace, search attributes); each step is idempotent and safe from several processes.
 * Temporal is reached beside database and Kafka, so that readiness names all that is missing.
 */
export async function openPlatform(config: PlatformConfig, log: Logger, options: OpenOptions): Promise<Platform> {
  const { readiness, metrics, reach } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    const codecKey = await loadCodecKey(codecKeySource(config));
    const store = await createStore(databaseOf(config), { webUiBase: config.webUiBase });
    closers.push(() => store.close());
    const kafka = createKafka({
      brokers: config.kafka.brokers,
      topicPrefix: config.kafka.topicPrefix,
      clientId: 'everstorm',
      platform: store.platform,
      log: (level, message, fields) => log[level](fields, message),
    });
    closers.push(() => kafka.close());
    const stateAndLog = async (): Promise<void> => {
      await reach('database', () => store.migrate());
      await reach('kafka', () => kafka.ensureTopics({ replication: config.kafka.replication }));
    };
    const reachTemporal = (): Promise<Temporal> =>
      reach('temporal', async () => {
        const { address, namespace } = config.temporal;
        const temporal = await createTemporal({ address, namespace, codecKey });
        await temporal.prepare().catch(async (error: unknown) => {
          await temporal.close();
          throw error;
        });
        closers.push(() => temporal.close());
        return temporal;
      });
    const [temporal] = await Promise.all([reachTemporal(), stateAndLog()]);
    readiness.has(temporal.health);
    readiness.has(kafka.health);
    readiness.has({ name: 'database', check: () => store.ping() });
    return { config, log, metrics, store, kafka, temporal, codecKey, health: readiness.checks, close };
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
