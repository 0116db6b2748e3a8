import { ApplicationFailure } from '@temporalio/common';
import { ACTION_ABANDONED_TYPE, ACTION_NOT_BEGUN_TYPE } from '../workflows/contract';
import { asFailure, attend, deskKey } from './attend';
import type { AttendingParts } from './attend';
import type { AdoptActionInput, RunActionResult } from './contract';

/**
 * Takes up an action of this process that Temporal gave up on, and ends as the action does. Fails with ACTION_NOT_BEGUN when it was never
 * begun, with ACTION_ABANDONED when this process does not know it (any more).
 */
export async function adoptAction(parts: AttendingParts, { activityId }: AdoptActionInput): Promise<RunActionResult> {
  const entry = parts.desk.find(deskKey(activityId));
  if (entry === undefined) throw ApplicationFailure.nonRetryable('Not known here', ACTION_ABANDONED_TYPE);
  if (entry === 'not-begun') throw ApplicationFailure.nonRetryable('Not begun', ACTION_NOT_BEGUN_TYPE);
  try {
    return await attend(parts, entry);
  } catch (error) {
    throw asFailure(error);
  }
}
