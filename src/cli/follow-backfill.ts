import type { JsonObject } from '../model/json';
import { progressLine } from './backfill-lines';
import type { CliIo } from './io';
import { CliError, EXIT } from './io';
import { expectObject } from './session';
import type { Session } from './session';

const FIRST_MS = 200;
const LONGEST_MS = 2_000;
/** A lost connection is bridged this often in a row. */
const LOST_ANSWERS = 30;

/**
 * Follows a backfill, telling on the error output how far it is, until it has ended; null when Ctrl-C was pressed: then its id is told, and it goes on.
 */
export async function untilEnded(session: Session, io: CliIo, started: JsonObject): Promise<JsonObject | null> {
  const id = String(started['id']);
  const interrupted = new AbortController();
  const release = io.onInterrupt?.(() => interrupted.abort());
  let told = '';
  let lost = 0;
  try {
    for (let delay = FIRST_MS; ; delay = Math.min(delay * 1.5, LONGEST_MS)) {
      const view = await session.api.request('GET', `/backfills/${encodeURIComponent(id)}`).then(
        ({ body }) => expectObject(body),
        (error: unknown) => {
          lost += 1;
          if (!isOutage(error) || lost === LOST_ANSWERS) throw error;
          return null;
        },
      );
      if (view) lost = 0;
      if (view && view['status'] !== 'running') return view;
      const line = view ? progressLine(view) : told;
      if (line !== told && !session.json) io.stderr(`${(told = line)}\n`);
      await pause(delay, interrupted.signal);
      if (interrupted.signal.aborted) {
        io.stderr(`backfill ${id} goes on; everstorm rule backfills ${id}\n`);
        return null;
      }
    }
  } finally {
    release?.();
  }
}

const isOutage = (error: unknown): boolean => error instanceof CliError && error.exitCode === EXIT.unreachable;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
