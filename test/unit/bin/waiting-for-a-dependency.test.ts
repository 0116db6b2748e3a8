import { pino } from 'pino';
import { reachPatiently } from '../../../src/bin/reach';
import { createReadiness } from '../../../src/bin/readiness';
import type { Readiness } from '../../../src/bin/readiness';
import { feedHealth } from '../../../src/bin/roles/role';
import { EverstormError } from '../../../src/model/errors';
import type { FeedState } from '../../../src/ports/feed';

const log = pino({ level: 'silent' });
const away = new EverstormError('UNAVAILABLE', 'nobody listens');

async function missing({ checks }: Readiness): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, check } of checks) await check().catch((error: Error) => (found[name] = error.message));
  return found;
}

describe('waiting for a dependency', () => {
  const never = new AbortController().signal;

  it('names it while it is away, and is silent when it has come', async () => {
    const readiness = createReadiness();
    const reach = reachPatiently({ readiness, log, signal: never });
    const seen: Record<string, string>[] = [];
    let tries = 0;
    const answer = await reach('kafka', async () => {
      seen.push(await missing(readiness));
      tries += 1;
      if (tries < 3) throw away;
      return 'there';
    });
    expect(answer).toBe('there');
    expect(seen).toEqual([{ kafka: 'not reached yet' }, { kafka: 'nobody listens' }, { kafka: 'nobody listens' }]);
    expect(await missing(readiness)).toEqual({});
  });

  it('ends at once for an error that waiting does not mend', async () => {
    const reach = reachPatiently({ readiness: createReadiness(), log, signal: never });
    let tries = 0;
    const wrong = new EverstormError('CONFIGURATION', 'no such database');
    const step = (): Promise<never> => {
      tries += 1;
      return Promise.reject(wrong);
    };
    await expect(reach('database', step)).rejects.toBe(wrong);
    expect(tries).toBe(1);
  });

  it('gives up with the last error when its patience ends', async () => {
    const reach = reachPatiently({ readiness: createReadiness(), log, signal: never, giveUpAfterMs: 300 });
    await expect(reach('temporal', () => Promise.reject(away))).rejects.toBe(away);
  });

  it('ends when asked to, although the step hangs', async () => {
    const asked = new AbortController();
    const reach = reachPatiently({ readiness: createReadiness(), log, signal: asked.signal });
    const waiting = reach('temporal', () => new Promise<never>(() => undefined));
    asked.abort();
    await expect(waiting).rejects.toBe(asked.signal.reason);
  });
});

describe("a role's own health", () => {
  it.each<[FeedState, Record<string, string>]>([
    [{ kind: 'running' }, {}],
    [
      { kind: 'retrying', reason: 'Temporal is unavailable', attempt: 3 },
      { rules: 'retrying: Temporal is unavailable' },
    ],
    [{ kind: 'stopped' }, { rules: 'stopped' }],
  ])('is that of its feed: %j', async (state, expected) => {
    const readiness = createReadiness();
    readiness.has(feedHealth('rules', () => state));
    expect(await missing(readiness)).toEqual(expected);
  });
});
