import { readFileSync } from 'node:fs';
import { EverstormError, messageOf } from '../model/errors';

/** Variables that hold secrets: each may be given as NAME_FILE instead, a path whose content is the value. */
const SECRET_VARIABLES = ['DATABASE_URL'] as const;

/** Every variable that Everstorm's roles read (held against docker-compose.yml by a test). */
export const KNOWN_VARIABLES: readonly string[] = [
  'EVERSTORM_HOME',
  'EVERSTORM_LOG_LEVEL',
  'EVERSTORM_TEMPORAL_ADDRESS',
  'EVERSTORM_TEMPORAL_NAMESPACE',
  'EVERSTORM_TEMPORAL_UI_URL',
  'EVERSTORM_KAFKA_BROKERS',
  'EVERSTORM_TOPIC_PREFIX',
  'EVERSTORM_TOPIC_REPLICATION',
  'DATABASE_URL',
  'DATABASE_URL_FILE',
  'EVERSTORM_CODEC_KEY',
  'EVERSTORM_CODEC_KEY_FILE',
  'EVERSTORM_API_HOST',
  'EVERSTORM_API_PORT',
  'EVERSTORM_API_URL',
  'EVERSTORM_OPERATIONS_HOST',
  'EVERSTORM_OPERATIONS_PORT',
  'EVERSTORM_WEB_UI_BASE',
  'EVERSTORM_PACK_PATHS',
  'EVERSTORM_AUDIT_FILE',
  'EVERSTORM_AUDIT_SYSLOG',
  'EVERSTORM_DRAIN_SECONDS',
  'EVERSTORM_DEBUG_POINT',
  'EVERSTORM_DEBUG_FOLDER',
];

export type Environment = Record<string, string | undefined>;

/** The process's environment; the only place that reads it. NAME_FILE variants of secrets are resolved. */
export function processEnvironment(): Environment {
  return resolveFiles(process.env);
}

/** Replaces NAME_FILE by NAME for secret variables; an unreadable file is a CONFIGURATION error that names the variable. */
export function resolveFiles(raw: Environment): Environment {
  const resolved: Environment = { ...raw };
  for (const name of SECRET_VARIABLES) {
    const file = raw[`${name}_FILE`];
    if (!file || raw[name]) continue;
    try {
      resolved[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      throw new EverstormError('CONFIGURATION', `${name}_FILE: cannot read ${file}: ${messageOf(error)}`);
    }
  }
  return resolved;
}
