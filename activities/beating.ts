import { heartbeat } from '@temporalio/activity';
import { HEARTBEAT_EVERY_MS } from '../src/model/timings';

/** Heartbeats of the current activity while something is done. */
export async function beating<T>(work: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
