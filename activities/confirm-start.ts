import { activityInfo, getClient } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { messageOf } from '../src/model/errors';
import { ACTION_NOT_BEGUN_TYPE } from '../workflows/contract';
import type { ActionHeartbeat } from '../workflows/contract';

/** Shorter than the heartbeat time-out: after that Temporal has given the activity up anyway. */
const CONFIRM_WITHIN_MS = 5_000;

/**
 * Gives Temporal the first heartbeat of the current activity and waits until it has it. From then on a lost worker means that the action
 * may have begun; before, that it has not. The SDK's own heartbeats are sent without telling whether they arrived.
 * Throws ACTION_NOT_BEGUN when it did not arrive for sure.
 */
export async function confirmStart(details: ActionHeartbeat): Promise<void> {
  const client = getClient();
  try {
    await client.withDeadline(Date.now() + CONFIRM_WITHIN_MS, () =>
      client.activity.heartbeat(activityInfo().taskToken, details),
    );
  } catch (error) {
    throw ApplicationFailure.nonRetryable(`The start was not confirmed: ${messageOf(error)}`, ACTION_NOT_BEGUN_TYPE);
  }
}
