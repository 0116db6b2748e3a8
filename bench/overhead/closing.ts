import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { EventType, HistoryEventFilterType } = temporal.api.enums.v1;
/** gRPC's NOT_FOUND. */
const NOT_FOUND = 5;
const APPEARS_WITHIN_MS = 30_000;
const ASK_AGAIN_MS = 10;

/** One run of a workflow; without `runId` the latest. */
export interface Run {
  workflowId: string;
  runId?: string;
}

/**
 * Waits for a run to end by Temporal's own long poll for the closing event: the same means for every side, and no payload is decoded.
 * Throws when it ended otherwise than completed.
 */
export async function untilCompleted(connection: Connection, { workflowId, runId = '' }: Run): Promise<void> {
  let nextPageToken: Uint8Array | undefined;
  for (;;) {
    const answer = await connection.workflowService.getWorkflowExecutionHistory({
      namespace: 'default',
      execution: { workflowId, runId },
      waitNewEvent: true,
      historyEventFilterType: HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
      skipArchival: true,
      ...(nextPageToken && { nextPageToken }),
    });
    const closing = answer.history?.events?.at(-1);
    if (closing) {
      if (closing.eventType === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED) return;
      throw new Error(`${workflowId} ended with event type ${closing.eventType}`);
    }
    nextPageToken = answer.nextPageToken;
  }
}

/**
 * As {@link untilCompleted}, for a workflow that somebody else is about to start. Temporal has no way to wait for a start, so it is
 * asked now and then: first when most earlier ones were there.
 */
export function createWatcher(connection: Connection): (workflowId: string) => Promise<void> {
  let usualMs = 0;
  return async (workflowId) => {
    const began = Date.now();
    await delay(usualMs * 0.8);
    for (;;) {
      try {
        await exists(connection, workflowId);
        break;
      } catch (error) {
        if ((error as { code?: unknown }).code !== NOT_FOUND || Date.now() - began > APPEARS_WITHIN_MS) throw error;
      }
      await delay(ASK_AGAIN_MS);
    }
    usualMs = usualMs * 0.8 + (Date.now() - began) * 0.2;
    await untilCompleted(connection, { workflowId });
  };
}

const exists = (connection: Connection, workflowId: string): Promise<unknown> =>
  connection.workflowService.describeWorkflowExecution({ namespace: 'default', execution: { workflowId } });
