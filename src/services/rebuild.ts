import type { Principal } from '../model/principal';
import type { Executions } from '../ports/executions';
import type { EventLog } from '../ports/event-log';
import type { Store } from '../ports/store';
import { authorise } from './authorisation';
import { documentOfState } from './execution-view';

export interface RebuildDependencies {
  store: Pick<Store, 'triggerInstances' | 'executions'>;
  executions: Pick<Executions, 'all'>;
  events: Pick<EventLog, 'all'>;
  webUiBase: string;
}
/** How many rows were made. */
export interface Rebuilt {
  trigger_instances: number;
  executions: number;
}

const CHUNK = 100;

/**
 * Makes the read model anew: trigger instances from the event log, executions from Temporal's histories. Enforcements, rules and keys are no
 * copies and stay. The platform may go on serving meanwhile: projections are idempotent.
 */
export function createRebuild(deps: RebuildDependencies): (principal: Principal) => Promise<Rebuilt> {
  const { store, executions, events, webUiBase } = deps;
  return async (principal) => {
    authorise(principal, 'read_model_rebuild');
    await store.executions.clear();
    return {
      trigger_instances: await inChunks(events.all(), (chunk) => store.triggerInstances.project(chunk)),
      executions: await inChunks(executions.all(), (chunk) =>
        store.executions.replace(chunk.map((state) => documentOfState(state, webUiBase))),
      ),
    };
  };
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
