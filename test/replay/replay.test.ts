import { resolve } from 'node:path';
import { workflowBundle } from '../helpers/workflow-bundle';
import { HISTORY_NAMES, replayAll } from './replay-all';

/** A change of the workflows that breaks one of these would break executions that go over to it: the platform's endless ones, and those that are reset. */
test('there are histories of each way an execution ends, of a timer, of sensors, of shards and of backfills', () => {
  const expected = ['succeeded', 'delayed', 'failed', 'timeout', 'abandoned', 'canceled', 'timer', 'sensor'];
  const all = ['0.1.0', '0.2.0'].flatMap((release) =>
    [...expected, 'sensor-continued'].map((name) => `${release}/${name}`),
  );
  const shards = ['threshold', 'absence', 'guard'].map((kind) => `0.2.0/shard-${kind}`);
  const backfills = ['backfill', 'backfill-canceled', 'backfill-continued'].map((name) => `0.2.0/${name}`);
  expect(HISTORY_NAMES).toEqual(expect.arrayContaining([...all, ...shards, ...backfills]));
});

test('the recorded histories of all releases replay on the workflows as they are', async () => {
  const errors = await replayAll(await workflowBundle());
  expect(Object.fromEntries(errors)).toEqual(Object.fromEntries(HISTORY_NAMES.map((name) => [name, undefined])));
}, 120_000);

test('a change that would break running executions is noticed on every history', async () => {
  const errors = await replayAll(await workflowBundle(resolve(__dirname, 'changed/extra-timer.ts')));
  const named = [...errors].map(([name, error]) => [name, error?.name]);
  expect(named).toEqual(HISTORY_NAMES.map((name) => [name, 'DeterminismViolationError']));
}, 120_000);

test('a change that schedules nothing else breaks none', async () => {
  const errors = await replayAll(await workflowBundle(resolve(__dirname, 'changed/harmless.ts')));
  expect([...errors.values()].every((error) => error === undefined)).toBe(true);
  expect(errors.size).toBe(HISTORY_NAMES.length);
}, 120_000);
