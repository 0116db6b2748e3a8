import type { Execution } from '../../../src/model/execution';
import { TriggerInstanceStatus } from '../../../src/model/statuses';
import type { TestPlatform } from '../api/platform';
import { startPlatform } from '../api/platform';
import { until } from '../temporal/support';
import { get, post } from './api';

jest.mock('@electric-sql/pglite', () => jest.requireActual('../../helpers/native-pglite'));

/** A worker tells by its own clock when it began; the history has the time at which Temporal gave it the work. All other times are equal. */
const RUNNING_TOLERANCE_MS = 2_000;

let platform: TestPlatform;

interface Instance {
  id: string;
  trigger: string;
  status: string;
}
interface ReadModel {
  executions: Execution[];
  instances: Instance[];
}

async function send<T>(path: string, body: unknown): Promise<T> {
  const { status, text } = await post(platform.base, path, { body: JSON.stringify(body) });
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

async function readModel(): Promise<ReadModel> {
  const executions = await get<Execution[]>(platform.base, '/executions?limit=-1');
  return { executions, instances: await get<Instance[]>(platform.base, '/triggerinstances?limit=-1') };
}

const runningTimes = ({ executions }: ReadModel): number[] =>
  executions.flatMap(({ log }) =>
    log.flatMap(({ status, timestamp }) => (status === 'running' ? [Date.parse(timestamp)] : [])),
  );

/** The same with the times of `running` lines left out. */
const besidesRunning = ({ executions, instances }: ReadModel): unknown => ({
  executions: executions.map((execution) => ({
    ...execution,
    log: execution.log.map((line) => (line.status === 'running' ? { status: line.status } : line)),
  })),
  instances,
});

function expectEqual(after: ReadModel, before: ReadModel): void {
  expect(besidesRunning(after)).toEqual(besidesRunning(before));
  const told = runningTimes(before);
  const differences = runningTimes(after).map((time, n) => Math.abs(time - (told[n] ?? Infinity)));
  expect(Math.max(...differences)).toBeLessThanOrEqual(RUNNING_TOLERANCE_MS);
}

/** Starts an execution of core.local (or another action) and gives its id. */
const start = async (cmd: string, more: object = {}): Promise<string> =>
  (await send<Execution>('/executions', { action: 'core.local', parameters: { cmd }, ...more })).id;

/** Waits until the read model, and Temporal's list of executions, show an execution in a state. */
const listed = (id: string, status: string): Promise<unknown> =>
  until(`${status} of ${id}`, async () => {
    const [row] = await get<Execution[]>(platform.base, `/executions?id=${id}`);
    if (row?.status !== status) return false;
    for await (const state of platform.temporal.executions.all()) {
      if (state.input.executionId === id) return state.status === status;
    }
    return false;
  });

async function cancel(id: string): Promise<void> {
  const { status } = await fetch(`${platform.base}/api/v1/executions/${id}`, { method: 'DELETE' });
  expect(status).toBe(200);
  await listed(id, 'canceled');
}

/** An event as a foreign producer writes it; resolves when the rule service is past it. */
async function emit(trigger: string, eventId: string, expected: string): Promise<string> {
  const { instanceId } = await platform.kafka.eventLog.publish({
    trigger,
    source: '/test',
    eventId,
    occurredAt: new Date().toISOString(),
    payload: { headers: {}, body: { eventId } },
    traceTag: `tag-${eventId}`,
  });
  await until(`${expected} of ${eventId}`, async () => {
    const rows = await get<Instance[]>(platform.base, '/triggerinstances?limit=-1');
    return rows.some(({ id, status }) => id === instanceId && status === expected);
  });
  return instanceId;
}

afterEach(() => platform.stop(), 60_000);

test('a rebuild gives the rows that the projection gave, whatever became of events and executions', async () => {
  platform = await startPlatform({ rules: true });
  const { trigger } = await send<{ trigger: { ref: string } }>('/rules', {
    name: 'on_rebuild',
    pack: 'default',
    enabled: true,
    trigger: { type: 'core.st2.webhook', parameters: { url: 'rebuild' } },
    criteria: { 'trigger.body.eventId': { type: 'startswith', pattern: 'matched' } },
    action: { ref: 'core.local', parameters: { cmd: 'echo {{ trigger.body.eventId }}' } },
  });
  await send('/actions', {
    name: 'secretive',
    pack: 'default',
    runner_type: 'local-shell-cmd',
    parameters: { cmd: { type: 'string', secret: true, default: 'echo hush' } },
    output_schema: { stdout: { type: 'string', secret: true } },
  });

  const instance = await emit(trigger.ref, 'matched', 'processed');
  await emit(trigger.ref, 'matched', 'processed'); // the same event again
  await emit(trigger.ref, 'unmatched', 'processed');
  await emit('nosuch.trigger', 'refused', 'processing_failed');
  const byRule = await until('the execution of the rule is listed', async () => {
    const [first] = await get<Execution[]>(platform.base, `/executions?trigger_instance=${instance}`);
    return first;
  });
  const secretive = await start('', { action: 'default.secretive', parameters: {} });
  const ended: [string, string][] = [
    [byRule.id, 'succeeded'],
    [await start('echo out; echo err >&2; exit 3'), 'failed'],
    [await start('sleep 30', { parameters: { cmd: 'sleep 30', timeout: 1 } }), 'timeout'],
    [await start('echo later', { delay: 300 }), 'succeeded'],
    [secretive, 'succeeded'],
  ];
  for (const [id, status] of ended) await listed(id, status);
  const sleeping = await start('sleep 60');
  await listed(sleeping, 'running');
  await cancel(sleeping);
  const delayed = await start('echo never', { delay: 60_000 });
  await listed(delayed, 'delayed');
  await cancel(delayed);
  const running = await start('sleep 60');
  await listed(running, 'running');

  const before = await readModel();
  expect(before.executions).toHaveLength(8);
  expect(before.instances).toHaveLength(4);
  expect(before.executions.find(({ id }) => id === secretive)).toMatchObject({ result: { stdout: '********' } });

  await spoil(before, instance);
  expect(await send('/readmodel/rebuild', {})).toEqual({ trigger_instances: 4, executions: 8, dead_letters: 1 });
  expectEqual(await readModel(), before);

  await cancel(running);
  const later = await readModel();
  await send('/readmodel/rebuild', {});
  expectEqual(await readModel(), later);
}, 120_000);

/** Rows that are wrong and one that should not be there: what comes out equal was made anew. */
async function spoil({ executions }: ReadModel, instance: string): Promise<void> {
  const { store, kafka } = platform;
  const wrong = executions.map((execution) => ({
    ...execution,
    log: execution.log.slice(0, 1),
    context: { user: 'x', pack: 'x' },
  }));
  const phantom = { ...(wrong[0] as Execution), id: 'f'.repeat(24) };
  await store.executions.replace([...wrong, phantom]);
  const event = await kafka.eventLog.read(instance);
  if (event) await store.triggerInstances.setStatus([{ event, status: TriggerInstanceStatus.processing }]);
  const spoilt = await readModel();
  expect(spoilt.executions).toHaveLength(executions.length + 1);
  expect(spoilt.instances).toContainEqual(expect.objectContaining({ id: instance, status: 'processing' }));
}

test('events that no rule service has seen are pending after a rebuild as well', async () => {
  platform = await startPlatform();
  await emit('core.st2.webhook', 'unseen', 'pending');
  const before = await readModel();
  expect(await send('/readmodel/rebuild', {})).toEqual({ trigger_instances: 1, executions: 0, dead_letters: 0 });
  expect(await readModel()).toEqual(before);
}, 60_000);
