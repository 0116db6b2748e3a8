import type { ListedRun, Runs } from '../../ports/runs';
import type { TemporalClient } from './client';
import { call } from './client';
import { EXECUTIONS, listed, readRun } from './read-execution';

export function createRuns(temporalClient: TemporalClient): Runs {
  return {
    endedFromOutside: (since) =>
      runs(temporalClient, `ExecutionStatus IN ('Terminated', 'TimedOut') AND CloseTime >= '${since.toISOString()}'`),
    openSince: (since) => runs(temporalClient, `ExecutionStatus = 'Running' AND StartTime >= '${since.toISOString()}'`),
    countBegun: async (from, to) => {
      const { client, connection } = temporalClient;
      const counted = await call(connection, () =>
        client.workflow.count(`${EXECUTIONS} AND ${begunBetween(from, to)}`),
      );
      return counted.count;
    },
    begun: (from, to) => runs(temporalClient, begunBetween(from, to)),
    read: (executionId, runId) => readRun(temporalClient, executionId, runId),
  };
}

async function* runs(temporalClient: TemporalClient, condition: string): AsyncIterable<ListedRun> {
  for await (const run of listed(temporalClient, `${EXECUTIONS} AND ${condition}`)) {
    const at = (run.closeTime ?? run.startTime).toISOString();
    yield { executionId: run.workflowId, runId: run.runId, at };
  }
}

const begunBetween = (from: Date, to: Date): string =>
  `StartTime >= '${from.toISOString()}' AND StartTime < '${to.toISOString()}'`;
