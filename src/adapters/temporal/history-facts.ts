import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { ExecutionInput, ExecutionOutcome } from '../../model/execution';
import { CANCEL_SIGNAL, EXECUTION_FAILURE_TYPE, OUTCOME_MEMO } from '../../../workflows/contract';
import type { CancelSignal } from '../../../workflows/contract';
import type { Close, HistoryFact } from './history';

type Event = temporal.api.history.v1.IHistoryEvent;
type WireTime = { seconds?: unknown; nanos?: number | null } | null | undefined;

/** ISO 8601 of a protobuf timestamp. */
export function isoOf(time: WireTime): string {
  return new Date(Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000)).toISOString();
}

/** Decodes what {@link HistoryFact} names from a history's events; other events are passed over. */
export async function factsOf(events: readonly Event[], codec: PayloadCodec): Promise<HistoryFact[]> {
  const facts = await Promise.all(events.map((event) => factOf(event, codec)));
  return facts.filter((fact) => fact !== null);
}

async function factOf(event: Event, codec: PayloadCodec): Promise<HistoryFact | null> {
  const at = isoOf(event.eventTime);
  const started = event.workflowExecutionStartedEventAttributes;
  if (started) {
    const input = await first<ExecutionInput>(codec, started.input?.payloads);
    return input ? { kind: 'started', at, input } : null;
  }
  if (event.activityTaskScheduledEventAttributes) return { kind: 'action-scheduled', at };
  const running = event.activityTaskStartedEventAttributes;
  if (running) return { kind: 'action-started', at, identity: running.identity ?? '' };
  return (await factOfCancel(event, codec)) ?? factOfClose(event, codec);
}

async function factOfCancel(event: Event, codec: PayloadCodec): Promise<HistoryFact | null> {
  const at = isoOf(event.eventTime);
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal?.signalName === CANCEL_SIGNAL) {
    const body = await first<CancelSignal>(codec, signal.input?.payloads);
    return body ? { kind: 'cancel-signal', at, user: body.user } : null;
  }
  if (event.workflowExecutionCancelRequestedEventAttributes) return { kind: 'cancel-requested', at };
  const memo = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.[OUTCOME_MEMO];
  const outcome = memo && (await first<ExecutionOutcome>(codec, [memo]));
  return outcome ? { kind: 'memo', at, outcome } : null;
}

async function factOfClose(event: Event, codec: PayloadCodec): Promise<HistoryFact | null> {
  const how = closeOf(event);
  if (!how) return null;
  const failure = event.workflowExecutionFailedEventAttributes?.failure?.applicationFailureInfo;
  const payloads =
    failure?.type === EXECUTION_FAILURE_TYPE
      ? failure.details?.payloads
      : event.workflowExecutionCompletedEventAttributes?.result?.payloads;
  const outcome = await first<ExecutionOutcome>(codec, payloads);
  return { kind: 'closed', at: isoOf(event.eventTime), how, ...(outcome ? { outcome } : {}) };
}

function closeOf(event: Event): Close | null {
  if (event.workflowExecutionCompletedEventAttributes) return 'completed';
  if (event.workflowExecutionFailedEventAttributes) return 'failed';
  if (event.workflowExecutionCanceledEventAttributes) return 'canceled';
  if (event.workflowExecutionTerminatedEventAttributes) return 'terminated';
  if (event.workflowExecutionTimedOutEventAttributes) return 'timed-out';
  return null;
}

async function first<T>(codec: PayloadCodec, payloads: Payload[] | null | undefined): Promise<T | undefined> {
  const [payload] = await codec.decode(payloads?.slice(0, 1) ?? []);
  return payload ? defaultPayloadConverter.fromPayload<T>(payload) : undefined;
}
