import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import type { SearchAttributePair } from '@temporalio/common';
import { EverstormError, messageOf } from '../../model/errors';
import type { ExecutionInput } from '../../model/execution';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../../model/timings';
import type { Executions, StartOutcome } from '../../ports/executions';
import { SEARCH_ATTRIBUTES } from '../../../workflows/contract';
import { cancelAs } from './cancel';
import { GRPC, call, grpcCode, isNamed, isNotFound } from './client';
import type { TemporalClient } from './client';
import { inSlices } from './in-slices';
import { allExecutions, readExecution } from './read-execution';

const AT_ONCE = 8;
type Attribute = (typeof SEARCH_ATTRIBUTES)[number];

/** Executions on Temporal; `taskQueue` is where the workflows run. */
export function createExecutions(temporalClient: TemporalClient, taskQueue: string): Executions {
  return {
    start: (input) => start(temporalClient, taskQueue, input),
    get: (executionId) => readExecution(temporalClient, executionId),
    cancel: (executionId, user) => cancelAs(temporalClient, executionId, user),
    endedByItself: (executionId, runId) => endedByItself(temporalClient, executionId, runId),
    ended: (executionIds) => ended(temporalClient, executionIds),
    isOpen: (executionId, runId) => isOpen(temporalClient, executionId, runId),
    all: () => allExecutions(temporalClient),
  };
}

async function start(
  { client, connection }: TemporalClient,
  taskQueue: string,
  input: ExecutionInput,
): Promise<StartOutcome> {
  const { action, context, executionId } = input;
  const instanceId = context.trigger_instance?.id;
  refuseTooLarge(input);
  try {
    const handle = await call(connection, () =>
      client.workflow.start(action.ref, {
        workflowId: executionId,
        taskQueue,
        args: [{ ...input, announced: true } satisfies ExecutionInput],
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
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
    if (grpcCode(error) === GRPC.INVALID_ARGUMENT)
      throw new EverstormError(
        'INVALID_PARAMETERS',
        `Temporal refuses the execution: ${messageOf(error)}`,
        {},
        { cause: error },
      );
    if (!isNamed(error, 'WorkflowExecutionAlreadyStartedError')) throw error;
    const existing = await call(connection, () => client.workflow.getHandle(executionId).describe());
    const known = existing.memo?.['trigger_instance_id'];
    return { kind: 'already-started', ...(typeof known === 'string' ? { triggerInstanceId: known } : {}) };
  }
}

/** Below what Temporal takes (2 MiB) by what encryption adds. A larger one would be tried again and again, as if Temporal were away. */
const MAX_INPUT_BYTES = 2_000_000;

/** Throws INVALID_PARAMETERS. */
function refuseTooLarge(input: ExecutionInput): void {
  if (Buffer.byteLength(JSON.stringify(input)) <= MAX_INPUT_BYTES) return;
  throw new EverstormError(
    'INVALID_PARAMETERS',
    `The execution's parameters, with its action and context, are larger than ${MAX_INPUT_BYTES} bytes`,
    { field: 'parameters', expected: `at most ${MAX_INPUT_BYTES} bytes` },
  );
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
    EverstormStatus: undefined, // set where it says more than Temporal's own status does
  };
  return SEARCH_ATTRIBUTES.flatMap((name) => {
    const value = values[name];
    return value ? [{ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value }] : [];
  });
}

async function isOpen(temporalClient: TemporalClient, executionId: string, runId: string): Promise<boolean> {
  return (await standing(temporalClient, executionId, runId)) === 'RUNNING';
}

async function ended(temporalClient: TemporalClient, executionIds: readonly string[]): Promise<string[]> {
  const standings = await inSlices(executionIds, AT_ONCE, (id) => standing(temporalClient, id));
  return executionIds.filter((_id, index) => standings[index] !== 'RUNNING');
}

const OWN_ENDS: ReadonlySet<unknown> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

async function endedByItself(temporalClient: TemporalClient, executionId: string, runId: string): Promise<boolean> {
  return OWN_ENDS.has(await standing(temporalClient, executionId, runId));
}

/** Temporal's name of the status of a run, or of the newest one; null when it does not know the run (any more). */
async function standing(
  { client, connection }: TemporalClient,
  executionId: string,
  runId?: string,
): Promise<string | null> {
  try {
    const found = await call(connection, () => client.workflow.getHandle(executionId, runId).describe());
    return found.status.name;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
