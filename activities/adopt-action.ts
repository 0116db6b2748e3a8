import { ApplicationFailure } from '@temporalio/common';
import { ACTION_ABANDONED_TYPE, ACTION_NOT_BEGUN_TYPE } from '../workflows/contract';
import type { DeskEntry } from './action-desk';
import { asFailure, attend, deskKey, outcomeOf } from './attend';
import type { AttendingParts } from './attend';
import type { AdoptActionInput, AskActionResult, RunActionResult } from './contract';

function entryOf({ desk }: AttendingParts, { activityId }: AdoptActionInput): DeskEntry {
  const entry = desk.find(deskKey(activityId));
  if (entry === undefined) throw ApplicationFailure.nonRetryable('Not known here', ACTION_ABANDONED_TYPE);
  if (entry === 'not-begun') throw ApplicationFailure.nonRetryable('Not begun', ACTION_NOT_BEGUN_TYPE);
  return entry;
}

/** Says at once what this process knows of an action, and keeps one that runs unattended going for a while. */
export async function askForAction(parts: AttendingParts, input: AdoptActionInput): Promise<AskActionResult> {
  const entry = entryOf(parts, input);
  try {
    const ended = await Promise.race([entry.outcome, Promise.resolve(null)]);
    if (ended !== null) return { ended: outcomeOf(entry, ended) };
    entry.orphan();
    return {};
  } catch (error) {
    throw asFailure(error);
  }
}

/** Attends to an action of this process that Temporal gave up on, and ends as the action does. */
export async function adoptAction(parts: AttendingParts, input: AdoptActionInput): Promise<RunActionResult> {
  const entry = entryOf(parts, input);
  try {
    return await attend(parts, entry);
  } catch (error) {
    throw asFailure(error);
  }
}
