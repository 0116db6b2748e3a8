import { executionInput, startRig, until } from '../temporal/support';
import type { Rig } from '../temporal/support';

let rig: Rig;
const release: (() => void)[] = [];
beforeAll(async () => {
  rig = await startRig({
    run: async (_input, { signal }) => {
      await new Promise<void>((resolve) => { release.push(resolve); signal.addEventListener('abort', () => resolve(), { once: true }); });
      return { status: 'succeeded', result: { ok: 1 } };
    },
  });
}, 120_000);
afterAll(() => rig?.stop());

const brief = async (id: string, runId: string) => {
  const h = rig.raw.client.workflow.getHandle(id, runId);
  const d = await h.describe();
  const hist = await h.fetchHistory();
  return {
    runId, status: d.status.name, start: d.startTime, exec: d.executionTime, close: d.closeTime,
    ext: d.raw.workflowExtendedInfo, pending: d.raw.pendingActivities,
    events: (hist.events ?? []).map((e) => `${e.eventId} ${e.eventType} ${new Date(Number(e.eventTime?.seconds)*1000+ (e.eventTime?.nanos ?? 0)/1e6).toISOString()} ${JSON.stringify(e.workflowTaskFailedEventAttributes ?? e.workflowExecutionTerminatedEventAttributes ?? '')}`),
  };
};

test('reset of an open run', async () => {
  const input = executionInput();
  const s = await rig.temporal.executions.start(input);
  const run1 = (s as { runId: string }).runId;
  await until('running', async () => (await rig.temporal.executions.get(input.executionId))?.status === 'running');
  const r = await rig.raw.connection.workflowService.resetWorkflowExecution({
    namespace: rig.raw.namespace, workflowExecution: { workflowId: input.executionId, runId: run1 }, reason: 'because', requestId: 'x' + Math.random(), workflowTaskFinishEventId: 4 as never,
  });
  await until('second action', () => release.length === 2);
  console.log(JSON.stringify([await brief(input.executionId, run1), await brief(input.executionId, r.runId)], null, 1));
  release[1]?.();
  await until('ended', async () => (await rig.temporal.executions.get(input.executionId))?.status === 'succeeded');
  console.log(rig.logs.of(input.executionId).map((x) => `${x.runId === run1 ? 1 : 2} ${x.sequence} ${x.status} ${x.at}`));
  const w = await rig.raw.connection.workflowService.listWorkflowExecutions({ namespace: rig.raw.namespace, query: `WorkflowId='${input.executionId}'` });
  console.log(JSON.stringify(w.executions?.map((e) => [e.execution?.runId, e.startTime, e.executionTime, e.closeTime, e.status])));
  // reset of a closed one, at the last task
  const b = await brief(input.executionId, r.runId);
  console.log(b.events.join('\n'));
  const r2 = await rig.raw.connection.workflowService.resetWorkflowExecution({
    namespace: rig.raw.namespace, workflowExecution: { workflowId: input.executionId, runId: r.runId }, reason: 'again', requestId: 'x' + Math.random(), workflowTaskFinishEventId: 12 as never,
  });
  await until('ended', async () => (await rig.raw.client.workflow.getHandle(input.executionId, r2.runId).describe()).status.name !== 'RUNNING', 8000).catch(e => console.log(e));
  console.log(JSON.stringify(await brief(input.executionId, r2.runId), null, 1));
  console.log(rig.logs.of(input.executionId).map((x) => `${x.runId === run1 ? 1 : x.runId === r.runId ? 2 : 3} ${x.sequence} ${x.status} ${x.at}`));
  // terminate a running one
  const i2 = executionInput();
  const s2 = (await rig.temporal.executions.start(i2)) as { runId: string };
  await until('running', async () => (await rig.temporal.executions.get(i2.executionId))?.status === 'running');
  await rig.raw.client.workflow.getHandle(i2.executionId).terminate('mine');
  console.log(JSON.stringify(await brief(i2.executionId, s2.runId), null, 1));
}, 60_000);
