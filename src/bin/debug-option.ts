import type { DebugHook } from '../model/debug-points';
import type { Platform } from './platform';

/** EVERSTORM_DEBUG_POINT names a point at which the process kills itself, for tests of crashes. */
export function debugOption({ debugPoint }: Platform['config']): { debug?: DebugHook } {
  if (debugPoint === null) return {};
  return {
    debug: async (point) => {
      if (point === debugPoint) process.kill(process.pid, 'SIGKILL');
      await Promise.resolve();
    },
  };
}
