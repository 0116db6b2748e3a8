import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import type { SearchAttributePair } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { ExecutionInput } from '../../model/execution';
import { ExecutionStatus } from '../../model/statuses';
import type { Executions, ExecutionState, StartOutcome } from '../../ports/executions';
import { CANCEL_SIGNAL, SEARCH_ATTRIBUTES } from '../../../workflows/contract';
import type { CancelSignal } from '../../../workflows/contract';
import { call, grpcCode, GRPC, isNamed } from './client';
import type { TemporalClient } from './client';
import { stateFromHistory } from './history';
import type { HistoryFact } from './history';
import { factsOf, isoOf } from './history-facts';

const PendingActivityState = temporal.api.enums.v1.PendingActivityState;
type Attribute = (typeof SEARCH_ATTRIBUTES)[number];

/** Executions on Temporal; `taskQueue` is where the workflows run. */
export function createExecutions(temporalClient: TemporalClient, taskQueue: string): Executions {
  return {
    start: (input) => start(temporalClient, taskQueue, input),
    get: (executionId) => read(temporalClient, executionId),
    cancel: (executionId, user) => cancel(temporalClient, executionId, user),
    isOpen: (executionId, runId) => isOpen(temporalClient, executionId, runId),
    all: () => all(temporalClient),
  };
}

async function start(
  { client, connection }: TemporalClient,
  taskQueue: string,
  input: ExecutionInput,
): Promise<StartOutcome> {
  const { action, context, executionId } = input;
  const instanceId = context.trigger_instance?.id;
  try {
    const handle = await call(connection, () =>
      client.workflow.start(action.ref, {
        workflowId: executionId,
        taskQueue,
        args: [input],
        // Started twice is started once, also after the first run has ended; never the default.
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        staticSummary: context.rule ? `${context.rule.ref} → ${action.ref}` : action.ref,
        memo: {
          user: context.user,
          ...(instanceId ? { trigger_instance_id: instanceId } : {}),
          ...(context.rule ? { rule_ref: context.rule.ref } : {}),
        },
        typedSearchAttributes: searchAttributes(input),
      }),
    );
    return { kind: 'started', runId: handle.firstExecutionRunId };
  } catch (error) {
    if (!isNamed(error, 'WorkflowExecutionAlreadyStartedError')) throw error;
    const existing = await call(connection, () => client.workflow.getHandle(executionId).describe());
    const known = existing.memo?.['trigger_instance_id'];
    return { kind: 'already-started', ...(typeof known === 'string' ? { triggerInstanceId: known } : {}) };
  }
}

function searchAttributes(input: ExecutionInput): SearchAttributePair[] {
  const { action, context, triggerRef } = input;
  const parent = context.parent?.['execution_id'];
  const values: Record<Attribute, string | undefined> = {
    ActionRef: action.ref,
    RuleRef: context.rule?.ref,
    TriggerRef: triggerRef,
    TriggerInstanceId: context.trigger_instance?.id,
    TraceTag: context.trace_context?.trace_tag,
    ParentExecutionId: typeof parent === 'string' ? parent : undefined,
    ExecutionUser: context.user,
    EverstormStatus: ExecutionStatus.requested,
  };
  return SEARCH_ATTRIBUTES.flatMap((name) => {
    const value = values[name];
    return value ? [{ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value }] : [];
  });
}

async function read(
  temporalClient: TemporalClient,
  executionId: string,
  knownRunId?: string,
): Promise<ExecutionState | null> {
  const { client, connection, codec } = temporalClient;
  try {
    const description = await call(connection, () => client.workflow.getHandle(executionId, knownRunId).describe());
    const { runId } = description;
    const history = await call(connection, () => client.workflow.getHandle(executionId, runId).fetchHistory());
    const facts = await factsOf(history.events ?? [], codec);
    return stateFromHistory(runId, [...facts, ...pendingFacts(description.raw.pendingActivities ?? [], facts)]);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** The start of an activity that still runs is only in the description. */
function pendingFacts(
  pending: readonly temporal.api.workflow.v1.IPendingActivityInfo[],
  facts: readonly HistoryFact[],
): HistoryFact[] {
  if (facts.some((fact) => fact.kind === 'action-started' || fact.kind === 'closed')) return [];
  return pending
    .filter(
      (activity) =>
        activity.lastStartedTime && activity.state !== PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED,
    )
    .map((activity) => ({
      kind: 'action-started',
      at: isoOf(activity.lastStartedTime),
      identity: activity.lastWorkerIdentity ?? '',
    }));
}

async function cancel({ client, connection }: TemporalClient, executionId: string, user: string): Promise<boolean> {
  const handle = client.workflow.getHandle(executionId);
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

async function isOpen({ client, connection }: TemporalClient, executionId: string, runId: string): Promise<boolean> {
  try {
    const found = await call(connection, () => client.workflow.getHandle(executionId, runId).describe());
    return found.status.name === 'RUNNING';
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

const isNotFound = (error: unknown): boolean =>
  isNamed(error, 'WorkflowNotFoundError') || grpcCode(error) === GRPC.NOT_FOUND;

async function* all(temporalClient: TemporalClient): AsyncIterable<ExecutionState> {
  // The platform's own workflows have no ActionRef.
  const listed = temporalClient.client.workflow.list({ query: 'ActionRef IS NOT NULL' })[Symbol.asyncIterator]();
  for (;;) {
    const next = await call(temporalClient.connection, () => listed.next());
    if (next.done) return;
    const state = await read(temporalClient, next.value.workflowId, next.value.runId);
    if (state) yield state;
  }
}
