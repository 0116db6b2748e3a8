import { EverstormError, errorCode } from '../model/errors';
import { noSuchReference } from './not-found';

/** The uid is taken; `conflictId`: the resource in the way, when it is known. StackStorm's text without what its database adds. */
export function taken(uid: string, conflictId?: string, cause?: unknown): EverstormError {
  const text = `Tried to save duplicate unique keys (uid: "${uid}")`;
  return new EverstormError('CONFLICT', text, conflictId === undefined ? {} : { conflictId }, { cause });
}

/** Runs a creation; a CONFLICT is told by {@link taken}. */
export async function creating(uid: string, create: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (errorCode(error) !== 'CONFLICT') throw error;
    throw taken(uid, (error as EverstormError).details.conflictId, error);
  }
}

/** Moves a document to its new ref (`uid`: its new one); a CONFLICT is told by {@link taken}, and NOT_FOUND when it has gone meanwhile. */
export async function moving(uid: string, refOrId: string, move: () => Promise<boolean>): Promise<void> {
  await creating(uid, async () => {
    if (!(await move())) throw noSuchReference(refOrId);
  });
}
