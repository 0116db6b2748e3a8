import { CANCEL_SIGNAL } from '../../../workflows/contract';
import type { CancelSignal } from '../../../workflows/contract';
import { call, isNotFound } from './client';
import type { TemporalClient } from './client';

/** Asks a workflow's newest run to stop, and tells it who asks. False when it had ended already or is unknown. */
export async function cancelAs(
  { client, connection }: TemporalClient,
  workflowId: string,
  user: string,
): Promise<boolean> {
  const handle = client.workflow.getHandle(workflowId);
  const who: CancelSignal = { user };
  try {
    // First who, then what: the workflow names the user in its records of the cancellation.
    await call(connection, () => handle.signal(CANCEL_SIGNAL, who));
    await call(connection, () => handle.cancel());
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
