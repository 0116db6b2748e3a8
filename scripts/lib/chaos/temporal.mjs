import { setTimeout as delay } from 'node:timers/promises';

const CALL_MS = 20_000;
const TRY_AGAIN_MS = 1_000;
/** `WorkflowExecutionStatus` of an open run, in Temporal's protocol. */
const RUNNING = 1;
/** What Temporal's own status says of an execution; only where there is more to say does it have an attribute of ours. */
const BY_TEMPORAL = new Map([
  [RUNNING, 'running'],
  [2, 'succeeded'],
  [3, 'failed'],
  [4, 'canceled'],
  [5, 'terminated'],
  [7, 'timed out'],
]);

/**
 * Everything that Temporal says of executions whose trace tag begins with `mark`: one entry per run.
 * @returns {Promise<{workflowId: string, runId: string, running: boolean, status: string, tag: string}[]>}
 */
async function listRuns(service, mark) {
  const runs = [];
  const query = `TraceTag STARTS_WITH "${mark}"`;
  let nextPageToken;
  do {
    const page = await service.listWorkflowExecutions({ namespace: 'default', query, pageSize: 1_000, nextPageToken });
    nextPageToken = page.nextPageToken;
    for (const { execution, status, searchAttributes } of page.executions) {
      const attribute = (name) => {
        const payload = searchAttributes.indexedFields[name];
        return payload && JSON.parse(Buffer.from(payload.data).toString());
      };
      runs.push({
        ...execution,
        running: status === RUNNING,
        status: attribute('EverstormStatus') ?? BY_TEMPORAL.get(status) ?? String(status),
        tag: attribute('TraceTag'),
      });
    }
  } while (nextPageToken?.length > 0);
  return runs;
}

/**
 * Waits until Temporal lists `count` trace tags and none of their runs is open; gives up when nothing began or ended for `quietMs` (however
 * long a backlog takes, it moves), or after `ms`. Resolves to the last list.
 */
export async function settledRuns({ address, mark, count, quietMs, ms, log }) {
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address, connectTimeout: CALL_MS });
  try {
    let seen = '';
    let moved = Date.now();
    for (const end = Date.now() + ms; ; await delay(TRY_AGAIN_MS)) {
      const over = Date.now() > Math.min(end, moved + quietMs);
      let runs;
      try {
        runs = await connection.withDeadline(Date.now() + CALL_MS, () => listRuns(connection.workflowService, mark));
      } catch (error) {
        if (over) throw error;
        log(`Temporal does not list the executions: ${error.cause?.message ?? error.message}`);
        continue;
      }
      const tags = new Set(runs.map(({ tag }) => tag)).size;
      const open = runs.filter(({ running }) => running).length;
      if (seen !== `${runs.length} ${open}`) moved = Date.now();
      seen = `${runs.length} ${open}`;
      log(`${tags} of ${count} events have an execution, ${open} are running`);
      if (over || (tags >= count && open === 0)) return runs;
    }
  } finally {
    await connection.close();
  }
}
