import type { Principal } from '../model/principal';
import { TriggerInstanceStatus } from '../model/statuses';
import { authorise } from './authorisation';
import type { ServiceDependencies } from './context';
import { documentOfState } from './execution-view';
import { asTold } from './told-ends';

/** How many rows were made. */
export interface Rebuilt {
  trigger_instances: number;
  executions: number;
}

const CHUNK = 100;

/**
 * Makes the read model anew: trigger instances from the event log (processed is what the rule
 * service is past, failed what is set aside), executions from Temporal's histories. Enforcements, ends told by runs, rules and keys are no
 * copies and stay. The platform may go on serving meanwhile: projections are idempotent.
 */
export function createRebuild(deps: ServiceDependencies): (principal: Principal) => Promise<Rebuilt> {
  const { store, executions, events, webUiBase } = deps;
  return async (principal) => {
    authorise(principal, 'read_model_rebuild');
    await store.executions.clear();
    const instances = await inChunks(events.all(), (chunk) => store.triggerInstances.project(chunk));
    await settleInstances(deps);
    return {
      trigger_instances: instances,
      executions: await inChunks(executions.all(), async (chunk) => {
        const states = await asTold(store.runEndings, chunk);
        const changes = new Map(states.map((state) => [state.input.executionId, state.changes]));
        await store.executions.replace(
          states.map((state) => documentOfState(state, webUiBase)),
          changes,
        );
      }),
    };
  };
}

/** Comes last: what the rule service did with an event while the log was read stands in the row already. */
async function settleInstances({ store, events, deadLetters, rulesGroup }: ServiceDependencies): Promise<void> {
  const { triggerInstances } = store;
  await inChunks(deadLetters.instanceIds(), (ids) =>
    triggerInstances.settle(ids, TriggerInstanceStatus.processing_failed),
  );
  for (const range of await events.doneBy(rulesGroup)) {
    await triggerInstances.settle(range, TriggerInstanceStatus.processed);
  }
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
