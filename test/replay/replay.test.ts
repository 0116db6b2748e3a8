import { readdirSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { createCodec, createDataConverter } from '../../src/adapters/temporal/codec';
import { KEY } from '../integration/temporal/support';
import { workflowBundle } from '../helpers/workflow-bundle';
import { HISTORIES, loadHistory } from './save-history';

/** A change of the workflows that breaks one of these would break executions that are running when it is installed. */
const names = readdirSync(HISTORIES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''));

test('there are histories of each way an execution ends, and of a timer', () => {
  expect(names).toEqual(expect.arrayContaining(['succeeded', 'failed', 'canceled', 'timer']));
});

test('the recorded histories replay on the workflows as they are', async () => {
  const histories = await Promise.all(
    names.map(async (name) => ({ workflowId: name, history: await loadHistory(name) })),
  );
  const options = {
    workflowBundle: { codePath: await workflowBundle() },
    dataConverter: createDataConverter(createCodec(KEY)),
  };
  const replayed: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    expect({ workflowId, error }).toEqual({ workflowId, error: undefined });
    replayed.push(workflowId);
  }
  expect(replayed.sort()).toEqual([...names].sort());
}, 120_000);
