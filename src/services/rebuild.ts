import type { Executions } from '../ports/executions';
import type { EventLog } from '../ports/event-log';
import type { Store } from '../ports/store';
import { documentOfState } from './execution-view';

export interface RebuildOptions {
  store: Pick<Store, 'triggerInstances' | 'executions'>;
  executions: Pick<Executions, 'all'>;
  events: Pick<EventLog, 'all'>;
  webUiBase: string;
  say: (line: string) => void;
}
export interface Rebuilt {
  trigger_instances: number;
  executions: number;
}

const CHUNK = 100;

/** Makes the read model anew: trigger instances from the event log, executions from Temporal's histories. Enforcements, rules and keys are no copies and stay. */
export async function rebuildReadModel(options: RebuildOptions): Promise<Rebuilt> {
  const { store, executions, events, webUiBase, say } = options;
  await store.executions.clear();
  const instanceCount = await inChunks(events.all(), (chunk) => store.triggerInstances.project(chunk));
  say(`${instanceCount} trigger instances`);
  const executionCount = await inChunks(executions.all(), (chunk) =>
    store.executions.replace(chunk.map((state) => documentOfState(state, webUiBase))),
  );
  say(`${executionCount} executions`);
  return { trigger_instances: instanceCount, executions: executionCount };
}

async function inChunks<T>(source: AsyncIterable<T>, write: (chunk: T[]) => Promise<void>): Promise<number> {
  let count = 0;
  let chunk: T[] = [];
  const flush = async (): Promise<void> => {
    if (chunk.length > 0) await write(chunk);
    count += chunk.length;
    chunk = [];
  };
  for await (const item of source) {
    chunk.push(item);
    if (chunk.length >= CHUNK) await flush();
  }
  await flush();
  return count;
}
