import type { HealthCheck } from '../../ports/health';
import type { FeedState } from '../../ports/feed';
import { EverstormError } from '../../model/errors';
import type { Platform } from '../platform';

/** A role that serves. `stop` finishes or hands over what it is doing, then resolves. */
export interface RunningRole {
  stop(): Promise<void>;
  /** Its own state, for /readyz. */
  health?: readonly HealthCheck[];
}
export type StartRole = (platform: Platform) => Promise<RunningRole>;

/** Ready while the feed consumes; the reason why it does not is told. */
export const feedHealth = (name: string, state: () => FeedState): HealthCheck => ({
  name,
  check: () => {
    const now = state();
    if (now.kind === 'running') return Promise.resolve();
    const why = now.kind === 'retrying' ? `retrying: ${now.reason}` : now.kind;
    return Promise.reject(new EverstormError('UNAVAILABLE', why));
  },
});
