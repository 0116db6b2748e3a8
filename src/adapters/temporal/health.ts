import { EverstormError } from '../../model/errors';
import type { HealthCheck } from '../../ports/health';
import type { TemporalClient } from './client';
import { missingSearchAttributes } from './namespace';

const CHECK_TIMEOUT_MS = 1_800;

/**
 * Ready when the server answers and knows all our search attributes: a workflow that sets an unregistered one would fail
 * its task for ever. Throws UNAVAILABLE or CONFIGURATION.
 */
export function createTemporalHealth({ connection, namespace }: TemporalClient): HealthCheck {
  return {
    name: 'temporal',
    async check() {
      const missing = await missingSearchAttributes(connection, namespace, CHECK_TIMEOUT_MS);
      if (missing.length > 0) {
        throw new EverstormError('CONFIGURATION', `Search attributes not registered: ${missing.join(', ')}`);
      }
    },
  };
}
