import { Context } from '@temporalio/activity';
import { EverstormError } from '../src/model/errors';
import type { EventLog, LogEnds } from '../src/ports/event-log';
import type { Executions } from '../src/ports/executions';
import { beating } from './beating';
import type { EnactInput, EnactResult, ShardActivities } from './contract';

export interface ShardActivityParts {
  enact(input: EnactInput): Promise<EnactResult>;
  log: Pick<EventLog, 'ends' | 'isPast'>;
  /** Consumer group that tells the shards. */
  group: string;
  executions: Pick<Executions, 'ended'>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** Then the activity is tried again, from the ends it noted. */
const CATCH_UP_MS = 50_000;
const WATCH_MS = 20_000;

/** What shards ask, for the worker of the rules role. */
export function createShardActivities({ enact, log, group, executions }: ShardActivityParts): ShardActivities {
  return {
    'everstorm.enact': (input) => beating(() => enact(input)),
    'everstorm.caught-up': async () => {
      const context = Context.current();
      const ends = (context.info.heartbeatDetails as LogEnds | undefined) ?? (await log.ends());
      const past = await repeatedly(CATCH_UP_MS, ends, async () => ((await log.isPast(group, ends)) ? true : null));
      if (past === null) throw new EverstormError('TIMED_OUT', 'the condition service is behind the log');
    },
    'everstorm.ended': async (executionIds) => {
      const ended = await repeatedly(WATCH_MS, undefined, async () => {
        const found = await executions.ended(executionIds);
        return found.length > 0 ? found : null;
      });
      return ended ?? [];
    },
  };
}

/** Looks again and again, with a heartbeat each time, until there is something to see; null when there was nothing in time. */
async function repeatedly<T>(withinMs: number, details: unknown, look: () => Promise<T | null>): Promise<T | null> {
  const context = Context.current();
  const giveUpAt = Date.now() + withinMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    context.heartbeat(details);
    const found = await look();
    if (found !== null || Date.now() + pause > giveUpAt) return found;
    await context.sleep(pause);
  }
}
