import { errorCode, ERRORS, messageOf } from '../../model/errors';
import type { ExecutionState } from '../../ports/executions';
import { forEachLimited } from '../rule-service/limit';
import type { Reconciling } from './options';

const AT_ONCE = 8;

/** `unreadable`: Temporal has it, but its history can't be read (a key that is missing here, a foreign workflow). It may be alive. */
export type Reading = { kind: 'state'; state: ExecutionState } | { kind: 'forgotten' } | { kind: 'unreadable' };

/** Reads each item's state, a few at once. An outage is thrown; a history that can't be read concerns its item alone. */
export async function readStates<T extends { executionId: string }>(
  items: readonly T[],
  read: (item: T) => Promise<ExecutionState | null>,
  { log }: Pick<Reconciling, 'log'>,
): Promise<{ item: T; reading: Reading }[]> {
  const readings = new Map<T, Reading>();
  await forEachLimited(items, AT_ONCE, async (item) => {
    try {
      const state = await read(item);
      readings.set(item, state ? { kind: 'state', state } : { kind: 'forgotten' });
    } catch (error) {
      const code = errorCode(error);
      if (code !== null && ERRORS[code].retryable) throw error;
      log.warn(
        { execution: item.executionId, reason: messageOf(error) },
        'the history of an execution is not readable',
      );
      readings.set(item, { kind: 'unreadable' });
    }
  });
  return items.map((item) => ({ item, reading: readings.get(item) ?? { kind: 'forgotten' } }));
}
