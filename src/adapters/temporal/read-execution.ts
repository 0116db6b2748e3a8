import { temporal } from '@temporalio/proto';
import { logOf, ordered } from '../../model/projected-changes';
import type { ExecutionState } from '../../ports/executions';
import { ADOPT_ACTIVITY_TYPE } from '../../../workflows/contract';
import { call, isNotFound } from './client';
import type { TemporalClient } from './client';
import { stateFromHistory } from './history';
import type { HistoryFact } from './history';
import { factsOf, isoOf } from './history-facts';

const { PENDING_ACTIVITY_STATE_SCHEDULED } = temporal.api.enums.v1.PendingActivityState;
/** Visibility query: the platform's own workflows have no ActionRef. */
export const EXECUTIONS = 'ActionRef IS NOT NULL';
/** Runs of one execution that are read at most: each reset makes one. */
const MAX_RUNS = 50;

/** An execution by its present run, with what the runs before it told; null when Temporal does not know it (any more). */
export async function readExecution(
  temporalClient: TemporalClient,
  executionId: string,
): Promise<ExecutionState | null> {
  const present = await readRun(temporalClient, executionId);
  if (!present?.reset) return present;
  const { runId } = present;
  const earlier: ExecutionState[] = [];
  for (const run of await runsOf(temporalClient, executionId)) {
    const state = run === runId ? null : await readRun(temporalClient, executionId, run);
    if (state) earlier.push(state);
  }
  return withEarlier(present, earlier);
}

/** One run alone; the present one when none is named. */
export async function readRun(
  { client, connection, codec }: TemporalClient,
  executionId: string,
  namedRun?: string,
): Promise<ExecutionState | null> {
  try {
    const description = await call(connection, () => client.workflow.getHandle(executionId, namedRun).describe());
    const { runId } = description;
    const history = await call(connection, () => client.workflow.getHandle(executionId, runId).fetchHistory());
    const facts = await factsOf(history.events ?? [], codec);
    return stateFromHistory(runId, [...facts, ...pendingFacts(description.raw.pendingActivities ?? [], facts)]);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** Every execution Temporal remembers, newest first. */
export async function* allExecutions(temporalClient: TemporalClient): AsyncIterable<ExecutionState> {
  const told = new Set<string>();
  for await (const { workflowId } of listed(temporalClient, EXECUTIONS)) {
    const state = told.has(workflowId) ? null : await readExecution(temporalClient, workflowId);
    // Visibility lists each run, and the runs before the present one are told with it.
    if (state?.reset) told.add(workflowId);
    if (state) yield state;
  }
}

/** What visibility knows; the SDK asks for page after page as the caller goes on. */
export async function* listed(
  { client, connection }: TemporalClient,
  query: string,
): AsyncIterable<{ workflowId: string; runId: string; startTime: Date; closeTime?: Date | undefined }> {
  const found = client.workflow.list({ query })[Symbol.asyncIterator]();
  for (;;) {
    const next = await call(connection, () => found.next());
    if (next.done) return;
    yield next.value;
  }
}

async function runsOf(temporalClient: TemporalClient, executionId: string): Promise<string[]> {
  const runs: string[] = [];
  for await (const { runId } of listed(temporalClient, `WorkflowId = '${executionId}'`)) {
    if (runs.push(runId) === MAX_RUNS) break;
  }
  return runs;
}

function withEarlier(present: ExecutionState, earlier: readonly ExecutionState[]): ExecutionState {
  // A run that has told nothing of its own yet comes last as well.
  const others = ordered(earlier.flatMap(({ changes }) => changes));
  const changes = [...others, ...present.changes];
  return { ...present, changes, log: logOf(changes) };
}

/** The start of an activity that runs, or ran when the run was closed, is only in the description. */
function pendingFacts(
  pending: readonly temporal.api.workflow.v1.IPendingActivityInfo[],
  facts: readonly HistoryFact[],
): HistoryFact[] {
  const last = facts.findLast(({ kind }) => kind === 'action-scheduled' || kind === 'action-started');
  if (last?.kind !== 'action-scheduled') return [];
  return pending
    .filter(({ activityType }) => activityType?.name !== ADOPT_ACTIVITY_TYPE)
    .filter(({ lastStartedTime, state }) => lastStartedTime && state !== PENDING_ACTIVITY_STATE_SCHEDULED)
    .map(({ lastStartedTime, lastWorkerIdentity }) => ({
      kind: 'action-started',
      at: isoOf(lastStartedTime),
      identity: lastWorkerIdentity ?? '',
    }));
}
