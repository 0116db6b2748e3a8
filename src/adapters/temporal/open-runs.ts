import { call } from './client';
import type { TemporalClient } from './client';

/** Workflows of one type on one task queue. */
export interface Keeper {
  temporalClient: TemporalClient;
  taskQueue: string;
  type: string;
}

/** Those of them that run, as far as visibility knows. */
export async function listOpen(keeper: Keeper): Promise<{ workflowId: string; runId: string }[]> {
  const { client, connection } = keeper.temporalClient;
  const query = `WorkflowType = '${keeper.type}' AND ExecutionStatus = 'Running' AND TaskQueue = '${keeper.taskQueue}'`;
  const runs: { workflowId: string; runId: string }[] = [];
  const listed = client.workflow.list({ query })[Symbol.asyncIterator]();
  for (;;) {
    const next = await call(connection, () => listed.next());
    if (next.done) return runs;
    runs.push({ workflowId: next.value.workflowId, runId: next.value.runId });
  }
}
