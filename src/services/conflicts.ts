import { EverstormError, errorCode } from '../model/errors';

/** Runs a creation; a CONFLICT gets StackStorm's text with the uid that exists, keeping the id of the resource in the way. */
export async function creating(uid: string, create: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (errorCode(error) !== 'CONFLICT') throw error;
    const conflictId = (error as EverstormError).details.conflictId;
    const text = `Tried to save duplicate unique keys (uid: "${uid}")`;
    throw new EverstormError('CONFLICT', text, conflictId === undefined ? {} : { conflictId }, { cause: error });
  }
}
