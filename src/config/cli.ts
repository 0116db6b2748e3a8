import { z } from 'zod';
import { EverstormError } from '../model/errors';
import type { Environment } from './environment';

export interface CliConfig {
  /** Base URL of the API, without a slash at its end. */
  url: string;
}

const DEFAULT_URL = 'http://127.0.0.1:9101';

/** Where the command line finds the API: `--url`, else EVERSTORM_API_URL, else this host. Throws CONFIGURATION for what is no http URL. */
export function parseCliConfig(environment: Environment, urlOption?: string): CliConfig {
  const given = urlOption ?? (environment['EVERSTORM_API_URL'] || DEFAULT_URL);
  const parsed = z.url({ protocol: /^https?$/ }).safeParse(given);
  if (!parsed.success)
    throw new EverstormError('CONFIGURATION', 'expected an http:// or https:// URL (--url or EVERSTORM_API_URL)');
  return { url: parsed.data.replace(/\/+$/, '') };
}
