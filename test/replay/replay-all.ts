import { readdirSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { createCodec, createDataConverter } from '../../src/adapters/temporal/codec';
import { KEY } from '../integration/temporal/support';
import { HISTORIES, loadHistory } from './save-history';

/** The recorded histories of all releases: `0.1.0/succeeded` and so on. */
export const HISTORY_NAMES = readdirSync(HISTORIES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

/** Replays every recorded history on a bundle of workflows; the error of each, by its name. */
export async function replayAll(bundlePath: string): Promise<Map<string, Error | undefined>> {
  const histories = await Promise.all(
    HISTORY_NAMES.map(async (name) => ({ workflowId: name, history: await loadHistory(name) })),
  );
  const options = {
    workflowBundle: { codePath: bundlePath },
    dataConverter: createDataConverter(createCodec(KEY)),
  };
  const errors = new Map<string, Error | undefined>();
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
    errors.set(workflowId, error);
  return errors;
}
