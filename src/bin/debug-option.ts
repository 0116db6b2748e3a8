import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { DebugHook, DebugPoint } from '../model/debug-points';
import type { Platform } from './platform';

/**
 * Points at which the process kills itself, for tests of crashes: EVERSTORM_DEBUG_POINT names one, which kills every time;
 * EVERSTORM_DEBUG_FOLDER a folder in which a file with a point's name kills the first process that gets there, and is gone then.
 */
export function debugOption({ debugPoint, debugFolder }: Platform['config']): { debug?: DebugHook } {
  if (debugPoint === null && debugFolder === null) return {};
  return {
    debug: async (point) => {
      if (point === debugPoint || (debugFolder !== null && disarmed(debugFolder, point))) {
        process.kill(process.pid, 'SIGKILL');
      }
      await Promise.resolve();
    },
  };
}

/** Removing the file is what one process alone can do. */
function disarmed(folder: string, point: DebugPoint): boolean {
  try {
    unlinkSync(join(folder, point));
    return true;
  } catch {
    return false; // not armed
  }
}
