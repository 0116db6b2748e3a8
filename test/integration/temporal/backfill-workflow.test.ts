import type { Worker } from '@temporalio/worker';
import { createBackfillActivities } from '../../../activities/backfill';
import { createCodec } from '../../../src/adapters/temporal/codec';
import { createRulesWorker } from '../../../src/adapters/temporal/worker';
import { noCounts, noStarts } from '../../../src/model/backfill';
import type { BackfillInput } from '../../../src/model/backfill';
import type { BackfillStart } from '../../../src/model/backfill-steps';
import { EverstormError } from '../../../src/model/errors';
import { backfillWorkflowId } from '../../../src/model/ids';
import type { Rule } from '../../../src/model/rule';
import { RULES_TASK_QUEUE } from '../../../workflows/contract';
import { saveHistory } from '../../replay/save-history';
import { KEY, NAMESPACE, startRig, until } from './support';
import type { Rig } from './support';

let rig: Rig;
let worker: Worker;
let running: Promise<void>;

/** A log of two partitions in which each tenth entry matches and each twentieth has not run. */
const SPANS = [
  { partition: 0, from: 100, before: 300 },
  { partition: 1, from: 0, before: 100 },
];
const PER_LOOK = 90;
const started: BackfillStart[] = [];
/** What the next start step does instead, once. */
let instead: ((asked: BackfillStart, signal: AbortSignal) => Promise<void>) | null = null;

const steps = createBackfillActivities({
  range: ({ from }) =>
    from === 'nowhere'
      ? Promise.reject(new EverstormError('NOT_FOUND', 'the topic was made anew'))
      : Promise.resolve({ epoch: 7, spans: SPANS }),
  look: ({ span, entries, find = Infinity }) => {
    const counts = noCounts();
    const found: number[] = [];
    let next = span.from;
    for (; next < span.before && counts.events < Math.min(entries, PER_LOOK) && found.length < find; next += 1) {
      counts.events += 1;
      if (next % 10 === 0) counts.matched += 1;
      if (next % 20 === 0 && found.push(next)) counts.would_start += 1;
    }
    return Promise.resolve({ next, counts, samples: [], found });
  },
  start: async (asked, { signal }) => {
    const act = instead;
    instead = null;
    await act?.(asked, signal);
    if (signal.aborted) return { starts: noStarts(), left: asked.offsets };
    started.push(asked);
    return { starts: { ...noStarts(), started: asked.offsets.length }, left: [] };
  },
});

beforeAll(async () => {
  rig = await startRig({ run: () => Promise.resolve({ status: 'succeeded', result: null }) });
  worker = await createRulesWorker({
    connection: rig.connection,
    namespace: NAMESPACE,
    taskQueue: RULES_TASK_QUEUE,
    codec: createCodec(KEY),
    activities: steps,
  });
  running = worker.run();
}, 120_000);
afterAll(async () => {
  worker.shutdown();
  await running;
  await rig.stop();
}, 60_000);
beforeEach(() => {
  started.length = 0;
  instead = null;
});

let made = 0;
async function begin(more: Partial<BackfillInput> = {}): Promise<string> {
  const id = backfillWorkflowId('test.past', `${Date.now()} ${(made += 1)}`);
  const input: BackfillInput = {
    rule: { ref: 'test.past', uid: 'rule:test:past', trigger: { ref: 'test.trigger' } } as Rule,
    ruleRef: 'test.past',
    from: '2026-11-01T00:00:00Z',
    to: '2026-11-02T00:00:00Z',
    rate: 1_000,
    dryRun: false,
    user: 'tester',
    limits: { entries: 100, starts: 4, stepsPerRun: 100 },
    ...more,
  };
  expect(await rig.temporal.backfills.start(id, input)).toBe(true);
  expect(await rig.temporal.backfills.start(id, input)).toBe(false);
  return id;
}
const ended = (id: string) =>
  until('the backfill ends', async () => {
    const state = await rig.temporal.backfills.get(id);
    return state?.status !== 'running' && state;
  });
const historyOf = (id: string, run?: string) => rig.raw.client.workflow.getHandle(id, run).fetchHistory();
const places = (): string[] => started.flatMap(({ partition, offsets }) => offsets.map((at) => `${partition}/${at}`));
const EVERY = SPANS.flatMap(({ partition, from, before }) =>
  Array.from({ length: (before - from) / 20 }, (_, n) => `${partition}/${from + n * 20}`),
);
const COUNTS = { ...noCounts(), events: 300, matched: 30, would_start: 15 };

test('counts all, then starts what never ran, in order and in pieces', async () => {
  const id = await begin();
  const state = await ended(id);
  expect(state).toMatchObject({
    status: 'succeeded',
    asked: { ruleRef: 'test.past', user: 'tester', rate: 1_000, dryRun: false },
    progress: { phase: 'done', left: [], counts: COUNTS, starts: { ...noStarts(), started: 15 } },
  });
  expect(places()).toEqual(EVERY);
  expect(Math.max(...started.map(({ offsets }) => offsets.length))).toBe(4);
  expect(new Set(started.map(({ backfill }) => backfill))).toEqual(new Set([id]));
  await saveHistory('backfill', await historyOf(id));
});

test('a dry run counts and starts nothing', async () => {
  const state = await ended(await begin({ dryRun: true }));
  expect(state.progress).toMatchObject({ phase: 'done', counts: COUNTS, starts: noStarts() });
  expect(started).toEqual([]);
});

test('goes on in new runs, with nothing counted or started twice, and lists once', async () => {
  const id = await begin({ limits: { entries: 100, starts: 4, stepsPerRun: 3 } });
  const first = (await rig.raw.client.workflow.getHandle(id).describe()).runId;
  expect((await ended(id)).progress).toMatchObject({ counts: COUNTS, starts: { started: 15 } });
  expect(places()).toEqual(EVERY);
  const rows = await until('it is listed', async () => {
    const all = await rig.temporal.backfills.list({ ruleRef: 'test.past', limit: 1_000 });
    const own = all.filter((row) => row.id === id && row.status === 'succeeded');
    return own.length > 0 && own;
  });
  expect(rows).toMatchObject([{ asked: { ruleRef: 'test.past' }, progress: { counts: COUNTS } }]);
  expect((await rig.raw.client.workflow.getHandle(id).describe()).runId).not.toBe(first);
  await saveHistory('backfill-continued', await historyOf(id, first));
});

test('keeps to a slow rate between steps', async () => {
  const begunAt = Date.now();
  const id = await begin({ rate: 5, limits: { entries: 100, starts: 4, stepsPerRun: 100 } });
  await ended(id);
  // The fifteenth of fifteen may not start before 14 turns have passed; the fake steps themselves take no time.
  expect(Date.now() - begunAt).toBeGreaterThanOrEqual(2_800);
});

test('a cancelled one ends soon, tells who, and how far it was', async () => {
  let reached = (): void => undefined;
  const underWay = new Promise<void>((resolve) => (reached = resolve));
  instead = (_asked, signal) =>
    new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
      reached();
    });
  const id = await begin();
  await underWay;
  expect((await rig.temporal.backfills.get(id))?.progress).toMatchObject({ phase: 'starting', counts: COUNTS });
  expect(await rig.temporal.backfills.cancel(id, 'ada')).toBe(true);
  const state = await ended(id);
  expect(state).toMatchObject({
    status: 'canceled',
    progress: { phase: 'starting', cancelled_by: 'ada', starts: noStarts() },
  });
  expect(started).toEqual([]);
  expect(await rig.temporal.backfills.cancel(id, 'ada')).toBe(false);
  await saveHistory('backfill-canceled', await historyOf(id));
}, 60_000);

test('an outage is waited out; what no retry can help is told', async () => {
  instead = () => Promise.reject(new EverstormError('UNAVAILABLE', 'Kafka is away'));
  expect((await ended(await begin())).progress?.starts.started).toBe(15);
  expect(places()).toEqual(EVERY);
  const broken = await ended(await begin({ from: 'nowhere' }));
  expect(broken).toMatchObject({
    status: 'failed',
    reason: 'the topic was made anew',
    progress: { phase: 'locating' },
  });
});

test('nobody takes a backfill for an execution', async () => {
  const id = await begin({ dryRun: true });
  await ended(id);
  await until('visibility', async () => (await rig.raw.client.workflow.count(`WorkflowId = '${id}'`)).count > 0);
  const since = new Date(Date.now() - 3_600_000);
  const { runs, executions } = rig.temporal;
  const taken: string[] = [];
  const later = new Date(Date.now() + 1_000);
  for (const found of [runs.begun(since, later), runs.openSince(since), runs.endedFromOutside(since)])
    for await (const { executionId } of found) taken.push(executionId);
  for await (const { input } of executions.all()) taken.push(input.executionId);
  expect(taken.filter((one) => one.startsWith('backfill/'))).toEqual([]);
  expect(await rig.temporal.backfills.get('no-such')).toBeNull();
});
