import type { Platform } from '../platform';

/** A role that serves. `stop` finishes or hands over what it is doing, then resolves. */
export interface RunningRole {
  stop(): Promise<void>;
}
export type StartRole = (platform: Platform) => Promise<RunningRole>;
