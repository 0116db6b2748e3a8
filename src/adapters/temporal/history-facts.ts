import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { ExecutionInput, ExecutionOutcome } from '../../model/execution';
import {
  ACTION_NOT_BEGUN_TYPE,
  ADOPT_ACTIVITY_TYPE,
  CANCEL_SIGNAL,
  EXECUTION_FAILURE_TYPE,
  OUTCOME_MEMO,
} from '../../../workflows/contract';
import type { CancelSignal } from '../../../workflows/contract';
import type { Close, HistoryFact } from './history';

const HEARTBEAT = temporal.api.enums.v1.TimeoutType.TIMEOUT_TYPE_HEARTBEAT;

type Event = temporal.api.history.v1.IHistoryEvent;
type WireTime = { seconds?: unknown; nanos?: number | null } | null | undefined;

/** ISO 8601 of a protobuf timestamp. */
export function isoOf(time: WireTime): string {
  return new Date(Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000)).toISOString();
}

/** Decodes what {@link HistoryFact} names from a history's events; other events are passed over. */
export async function factsOf(events: readonly Event[], codec: PayloadCodec): Promise<HistoryFact[]> {
  const clock = workflowClock(events);
  const silent = withoutRun(events);
  const told = events.filter((event) => !silent.has(activityOf(event)));
  const facts = await Promise.all(told.map((event) => factOf(event, { codec, at: clock(event) })));
  return facts.filter((fact) => fact !== null);
}

/**
 * The time of an event as the workflow's clock had it. That clock stands still in a workflow task, at the time the task was given to a worker;
 * so what a task did, and the cancellation it learned of, have that time. All else has the time at which Temporal wrote it down.
 */
function workflowClock(events: readonly Event[]): (event: Event) => string {
  const times = new Map(events.map((event) => [Number(event.eventId), isoOf(event.eventTime)]));
  const tasks = events.flatMap((event) => {
    const started = event.workflowTaskCompletedEventAttributes?.startedEventId;
    return started == null ? [] : [{ completed: Number(event.eventId), started: Number(started) }];
  });
  return (event) => {
    const id = Number(event.eventId);
    const doneBy = Number(taskThatDid(event) ?? NaN);
    const task = event.workflowExecutionCancelRequestedEventAttributes
      ? tasks.find(({ started }) => started > id)
      : tasks.find(({ completed }) => completed === doneBy);
    return (task && times.get(task.started)) ?? isoOf(event.eventTime);
  };
}

/** The event that scheduled the activity which an event belongs to; NaN for other events, and for the scheduling of an action itself. */
function activityOf(event: Event): number {
  const { activityTaskScheduledEventAttributes: scheduled, activityTaskStartedEventAttributes: running } = event;
  if (scheduled) return isAdoption(event) ? Number(event.eventId) : NaN;
  return Number(running?.scheduledEventId ?? NaN);
}

const isAdoption = (event: Event): boolean =>
  event.activityTaskScheduledEventAttributes?.activityType?.name === ADOPT_ACTIVITY_TYPE;

/** Activities that were no run of the action: questions to a worker for one, and those that ended before they began it. */
function withoutRun(events: readonly Event[]): ReadonlySet<number> {
  const adoptions = events.filter(isAdoption).map(({ eventId }) => Number(eventId));
  return new Set([...adoptions, ...events.flatMap(notBegun)]);
}

function notBegun({
  activityTaskFailedEventAttributes: failed,
  activityTaskTimedOutEventAttributes: late,
}: Event): number[] {
  if (failed?.failure?.applicationFailureInfo?.type === ACTION_NOT_BEGUN_TYPE) return [Number(failed.scheduledEventId)];
  const timeout = late?.failure?.timeoutFailureInfo;
  const unheard = timeout?.timeoutType === HEARTBEAT && !timeout.lastHeartbeatDetails?.payloads?.length;
  return unheard ? [Number(late?.scheduledEventId)] : [];
}

/** Id of the event with which the workflow task ended that did this; undefined for what was done to the workflow. */
function taskThatDid(event: Event): unknown {
  const done =
    event.activityTaskScheduledEventAttributes ??
    event.upsertWorkflowSearchAttributesEventAttributes ??
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionCanceledEventAttributes;
  return done?.workflowTaskCompletedEventId;
}

interface Decoding {
  codec: PayloadCodec;
  at: string;
}

async function factOf(event: Event, decoding: Decoding): Promise<HistoryFact | null> {
  const { codec, at } = decoding;
  const started = event.workflowExecutionStartedEventAttributes;
  if (started) {
    const input = await first<ExecutionInput>(codec, started.input?.payloads);
    return input ? { kind: 'started', at, input } : null;
  }
  if (event.activityTaskScheduledEventAttributes) return { kind: 'action-scheduled', at };
  const running = event.activityTaskStartedEventAttributes;
  if (running) return { kind: 'action-started', at, identity: running.identity ?? '' };
  if (event.upsertWorkflowSearchAttributesEventAttributes) return { kind: 'concluded', at };
  return (await factOfCancel(event, decoding)) ?? factOfClose(event, decoding);
}

async function factOfCancel(event: Event, { codec, at }: Decoding): Promise<HistoryFact | null> {
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

async function factOfClose(event: Event, { codec, at }: Decoding): Promise<HistoryFact | null> {
  const how = closeOf(event);
  if (!how) return null;
  const failure = event.workflowExecutionFailedEventAttributes?.failure?.applicationFailureInfo;
  const payloads =
    failure?.type === EXECUTION_FAILURE_TYPE
      ? failure.details?.payloads
      : event.workflowExecutionCompletedEventAttributes?.result?.payloads;
  const outcome = await first<ExecutionOutcome>(codec, payloads);
  return { kind: 'closed', at, how, ...(outcome ? { outcome } : {}) };
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
