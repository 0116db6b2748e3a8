import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { EventType, HistoryEventFilterType } = temporal.api.enums.v1;
/** gRPC's NOT_FOUND. */
const NOT_FOUND = 5;
const APPEARS_WITHIN_MS = 30_000;
const FIRST_ASK_MS = 4;
/** The first question is put when this share of the time is over that starts took lately; each next one after this share of the time waited so far. */
const FIRST_ASK_SHARE = 0.8;
const ASK_AGAIN_SHARE = 0.25;
/** Weight of the latest start in that time. */
const LATEST_WEIGHT = 0.2;

/** One run of a workflow; without `runId` the latest. */
export interface Run {
  workflowId: string;
  runId?: string;
}

/**
 * Waits for a run to end by Temporal's own long poll for the closing event: the same means for every side, and no payload is decoded.
 * Resolves with the time the history gives for the end, milliseconds since 1970. Throws when it ended otherwise than completed.
 */
export async function untilCompleted(connection: Connection, { workflowId, runId = '' }: Run): Promise<number> {
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
      if (closing.eventType !== EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED) {
        throw new Error(`${workflowId} ended with event type ${closing.eventType}`);
      }
      return Number(closing.eventTime?.seconds ?? 0) * 1_000 + (closing.eventTime?.nanos ?? 0) / 1e6;
    }
    nextPageToken = answer.nextPageToken;
  }
}

/**
 * As {@link untilCompleted}, for workflows that somebody else is about to start. Temporal has no way to wait for a start, so it is asked now and
 * then; each question costs it what a start costs others, so they are few. Asking late falsifies nothing: the end's time is in the history.
 */
export function completionWatcher(connection: Connection): (workflowId: string) => Promise<number> {
  let usualMs = FIRST_ASK_MS;
  return async (workflowId) => {
    const began = Date.now();
    for (let waitMs = usualMs * FIRST_ASK_SHARE; ; waitMs = (Date.now() - began) * ASK_AGAIN_SHARE) {
      await delay(Math.max(FIRST_ASK_MS, waitMs));
      const asked = Date.now() - began;
      try {
        const ended = await untilCompleted(connection, { workflowId });
        usualMs += (asked - usualMs) * LATEST_WEIGHT;
        return ended;
      } catch (error) {
        if ((error as { code?: unknown }).code !== NOT_FOUND || asked > APPEARS_WITHIN_MS) throw error;
      }
    }
  };
}
