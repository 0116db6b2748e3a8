import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import type { SearchAttributePair } from '@temporalio/common';
import type { BackfillAsked, BackfillInput, BackfillProgress } from '../../model/backfill';
import { messageOf } from '../../model/errors';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../../model/timings';
import type { Backfills, BackfillState, BackfillStatus } from '../../ports/backfills';
import { ASKED_MEMO, BACKFILL_WORKFLOW_TYPE, PROGRESS_MEMO, PROGRESS_QUERY } from '../../../workflows/contract';
import type { SEARCH_ATTRIBUTES } from '../../../workflows/contract';
import { cancelAs } from './cancel';
import { call, isNamed, isNotFound } from './client';
import type { TemporalClient } from './client';

/** No worker may be there to answer. */
const QUERY_WITHIN_MS = 3_000;
const OF_TYPE = `WorkflowType = '${BACKFILL_WORKFLOW_TYPE}'`;

/** Backfills on Temporal; `taskQueue` is where their workflows run. They have no ActionRef, so nothing takes them for executions. */
export function createBackfills(temporalClient: TemporalClient, taskQueue: string): Backfills {
  return {
    start: (id, input) => start(temporalClient, taskQueue, { id, input }),
    get: (id) => get(temporalClient, id),
    list: (query) => list(temporalClient, query),
    cancel: (id, user) => cancelAs(temporalClient, id, user),
  };
}

async function start(
  { client, connection }: TemporalClient,
  taskQueue: string,
  { id, input }: { id: string; input: BackfillInput },
): Promise<boolean> {
  const { rule, limits: _limits, ...asked } = input;
  try {
    await call(connection, () =>
      client.workflow.start(BACKFILL_WORKFLOW_TYPE, {
        workflowId: id,
        taskQueue,
        args: [input],
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        staticSummary: `${rule.ref} from ${asked.from} to ${asked.to}${asked.dryRun ? ', dry run' : ''}`,
        memo: { [ASKED_MEMO]: asked satisfies BackfillAsked },
        typedSearchAttributes: [
          attribute('RuleRef', rule.ref),
          attribute('TriggerRef', rule.trigger.ref),
          attribute('ExecutionUser', input.user),
        ],
      }),
    );
    return true;
  } catch (error) {
    if (isNamed(error, 'WorkflowExecutionAlreadyStartedError')) return false;
    throw error;
  }
}

const attribute = (name: (typeof SEARCH_ATTRIBUTES)[number], value: string): SearchAttributePair => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
});

async function get({ client, connection }: TemporalClient, id: string): Promise<BackfillState | null> {
  const handle = client.workflow.getHandle(id);
  try {
    const found = await call(connection, () => handle.describe());
    if (found.type !== BACKFILL_WORKFLOW_TYPE) return null;
    const state = stateOf(found);
    if (state.status === 'running') {
      const progress = await call(
        connection,
        () => handle.query<BackfillProgress>(PROGRESS_QUERY),
        QUERY_WITHIN_MS,
      ).catch(
        () => undefined, // nobody serves it just now: what the last phase left is told
      );
      return progress ? { ...state, progress } : state;
    }
    if (state.status === 'succeeded')
      return { ...state, progress: (await call(connection, () => handle.result())) as BackfillProgress };
    if (state.status === 'failed') return { ...state, reason: await reasonOf(connection, () => handle.result()) };
    return state;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** The innermost message: what the step that failed said. */
async function reasonOf(connection: TemporalClient['connection'], result: () => Promise<unknown>): Promise<string> {
  try {
    await call(connection, result);
    return '';
  } catch (error) {
    let inner: unknown = error;
    for (let depth = 0; depth < 5; depth += 1) {
      const { cause } = inner as { cause?: unknown };
      if (cause === undefined || cause === null) break;
      inner = cause;
    }
    return messageOf(inner);
  }
}

async function list(
  { client, connection }: TemporalClient,
  { ruleRef, limit }: { ruleRef?: string; limit: number },
): Promise<BackfillState[]> {
  const of = ruleRef === undefined ? '' : ` AND RuleRef = '${ruleRef.replace(/'/g, "''")}'`;
  const query = `${OF_TYPE} AND ExecutionStatus != 'ContinuedAsNew'${of}`;
  const states: BackfillState[] = [];
  const found = client.workflow.list({ query })[Symbol.asyncIterator]();
  while (states.length < limit) {
    const next = await call(connection, () => found.next());
    if (next.done) break;
    states.push(stateOf(next.value));
  }
  return states;
}

const STATUSES: ReadonlyMap<string, BackfillStatus> = new Map([
  ['RUNNING', 'running'],
  ['CONTINUED_AS_NEW', 'running'],
  ['COMPLETED', 'succeeded'],
  ['CANCELLED', 'canceled'],
  ['TERMINATED', 'canceled'],
]);

type Told = Pick<WorkflowExecutionInfo, 'workflowId' | 'memo' | 'status' | 'startTime' | 'closeTime'>;

function stateOf(found: Told): BackfillState {
  const { [ASKED_MEMO]: asked, [PROGRESS_MEMO]: progress } = (found.memo ?? {}) as {
    [ASKED_MEMO]?: BackfillAsked;
    [PROGRESS_MEMO]?: BackfillProgress;
  };
  return {
    id: found.workflowId,
    asked: asked ?? { from: '', to: '', rate: 0, dryRun: false, user: '', ruleRef: '' },
    status: STATUSES.get(found.status.name) ?? 'failed',
    startedAt: found.startTime.toISOString(),
    ...(found.closeTime && { endedAt: found.closeTime.toISOString() }),
    ...(progress && { progress }),
  };
}
