import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { EverstormError } from '../model/errors';
import type { Environment } from './environment';

const port = z.coerce.number().int().min(1).max(65535);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const Variables = z.object({
  EVERSTORM_HOME: z.string().default(join(homedir(), '.local', 'share', 'everstorm')),
  EVERSTORM_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  EVERSTORM_TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:]+:\d+$/, 'expected host:port')
    .optional(),
  EVERSTORM_TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  EVERSTORM_TEMPORAL_UI_URL: z.url().optional(),
  EVERSTORM_KAFKA_BROKERS: list
    .pipe(z.array(z.string().regex(/^[^\s:]+:\d+$/, 'expected host:port')).min(1))
    .optional(),
  EVERSTORM_TOPIC_PREFIX: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('everstorm'),
  EVERSTORM_TOPIC_REPLICATION: z.coerce.number().int().min(1).default(1),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgres://…')
    .optional(),
  EVERSTORM_CODEC_KEY: z.string().optional(),
  EVERSTORM_CODEC_KEY_FILE: z.string().optional(),
  EVERSTORM_API_HOST: z.string().default('127.0.0.1'),
  EVERSTORM_API_PORT: port.default(9101),
  EVERSTORM_API_URL: z.url().optional(),
  EVERSTORM_OPERATIONS_HOST: z.string().default('127.0.0.1'),
  EVERSTORM_OPERATIONS_PORT: port.optional(),
  EVERSTORM_WEB_UI_BASE: z.url().default('https://localhost'),
  EVERSTORM_PACK_PATHS: z.string().optional(),
  EVERSTORM_AUDIT_FILE: z.string().optional(),
  EVERSTORM_AUDIT_SYSLOG: z
    .string()
    .regex(/^(udp|tcp):\/\/[^\s:]+:\d+$/, 'expected udp://host:port or tcp://host:port')
    .optional(),
  EVERSTORM_DRAIN_SECONDS: z.coerce.number().min(0).max(86_400).default(40),
  EVERSTORM_DEBUG_POINT: z.string().optional(),
  EVERSTORM_DEBUG_FOLDER: z.string().optional(),
});

/** Everything the roles need to know, parsed once; durations in milliseconds, paths absolute. */
export interface PlatformConfig {
  home: string;
  logLevel: string;
  temporal: { address: string; namespace: string; uiUrl: string | null };
  kafka: { brokers: string[]; topicPrefix: string; replication: number };
  databaseUrl: string | null;
  /** No other process of this platform runs (`dev`). */
  alone: boolean;
  codec: { key: string | null; keyFile: string | null };
  api: { host: string; port: number; url: string };
  /** Where every process tells its health and metrics; port null: nowhere (the api role does on its own port all the same). */
  operations: { host: string; port: number | null };
  webUiBase: string;
  packPaths: string[];
  audit: { file: string | null; syslog: string | null };
  /** How long running actions may go on after a stop was asked for. */
  drainMs: number;
  debugPoint: string | null;
  /** Folder of points armed for one process (src/bin/debug-option.ts). */
  debugFolder: string | null;
}

/** What may be missing before `dev` has found or started the services. */
export type PartialPlatformConfig = Omit<PlatformConfig, 'temporal' | 'kafka'> & {
  temporal: Omit<PlatformConfig['temporal'], 'address'> & { address: string | null };
  kafka: Omit<PlatformConfig['kafka'], 'brokers'> & { brokers: string[] | null };
};

function operationsOf(v: z.infer<typeof Variables>): PlatformConfig['operations'] {
  return { host: v.EVERSTORM_OPERATIONS_HOST, port: v.EVERSTORM_OPERATIONS_PORT ?? null };
}

const debugOf = (v: z.infer<typeof Variables>): Pick<PlatformConfig, 'debugPoint' | 'debugFolder'> => ({
  debugPoint: v.EVERSTORM_DEBUG_POINT ?? null,
  debugFolder: v.EVERSTORM_DEBUG_FOLDER ?? null,
});

/** Absolute paths of a list separated by colons, as PATH is. */
function pathList(text = ''): string[] {
  return text
    .split(':')
    .filter(Boolean)
    .map((path) => resolve(path));
}

/** Parses the environment; throws CONFIGURATION naming every bad variable and what was expected. `systemPacks` is always searched first. */
export function parsePlatformConfig(environment: Environment, systemPacks: string): PartialPlatformConfig {
  const parsed = Variables.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new EverstormError('CONFIGURATION', `bad configuration: ${problems.join('; ')}`);
  }
  const v = parsed.data;
  const home = resolve(v.EVERSTORM_HOME);
  return Object.freeze({
    home,
    logLevel: v.EVERSTORM_LOG_LEVEL,
    temporal: {
      address: v.EVERSTORM_TEMPORAL_ADDRESS ?? null,
      namespace: v.EVERSTORM_TEMPORAL_NAMESPACE,
      uiUrl: v.EVERSTORM_TEMPORAL_UI_URL ?? null,
    },
    kafka: {
      brokers: v.EVERSTORM_KAFKA_BROKERS ?? null,
      topicPrefix: v.EVERSTORM_TOPIC_PREFIX,
      replication: v.EVERSTORM_TOPIC_REPLICATION,
    },
    databaseUrl: v.DATABASE_URL ?? null,
    alone: false,
    codec: { key: v.EVERSTORM_CODEC_KEY ?? null, keyFile: v.EVERSTORM_CODEC_KEY_FILE ?? null },
    api: {
      host: v.EVERSTORM_API_HOST,
      port: v.EVERSTORM_API_PORT,
      url: v.EVERSTORM_API_URL ?? `http://${v.EVERSTORM_API_HOST}:${v.EVERSTORM_API_PORT}`,
    },
    operations: operationsOf(v),
    webUiBase: v.EVERSTORM_WEB_UI_BASE,
    packPaths: [systemPacks, ...pathList(v.EVERSTORM_PACK_PATHS)],
    audit: { file: v.EVERSTORM_AUDIT_FILE ?? null, syslog: v.EVERSTORM_AUDIT_SYSLOG ?? null },
    drainMs: v.EVERSTORM_DRAIN_SECONDS * 1_000,
    ...debugOf(v),
  });
}

/** For `serve`: the services must be named; `dev` finds or starts them instead. */
export function completeConfig(config: PartialPlatformConfig): PlatformConfig {
  const missing = [
    config.temporal.address === null && 'EVERSTORM_TEMPORAL_ADDRESS (host:port)',
    config.kafka.brokers === null && 'EVERSTORM_KAFKA_BROKERS (host:port,…)',
    config.databaseUrl === null && 'DATABASE_URL (postgres://…)',
  ].filter(Boolean);
  if (missing.length > 0) {
    throw new EverstormError(
      'CONFIGURATION',
      `everstorm serve needs ${missing.join(', ')}; everstorm dev starts its own`,
    );
  }
  return {
    ...config,
    temporal: { ...config.temporal, address: config.temporal.address as string },
    kafka: { ...config.kafka, brokers: config.kafka.brokers as string[] },
  };
}
