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
  dead_letters: number;
}

const CHUNK = 100;

/**
 * Makes the read model anew: trigger instances from the event log (processed is what the rule
 * service is past, failed what is set aside), dead letters from their topic, executions from Temporal's histories. Enforcements, what became of
 * dead letters, ends told by runs, rules and keys are no copies and stay. The platform may go on serving meanwhile: projections are idempotent.
 */
export function createRebuild(deps: ServiceDependencies): (principal: Principal) => Promise<Rebuilt> {
  const { store, executions, events, webUiBase } = deps;
  return async (principal) => {
    authorise(principal, 'read_model_rebuild');
    await store.executions.clear();
    const instances = await inChunks(events.all(), (chunk) => store.triggerInstances.project(chunk));
    const letters = await setAsideAgain(deps);
    await settleInstances(deps);
    return {
      trigger_instances: instances,
      dead_letters: letters,
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

/** The rows of dead letters, and the status of the events among them. */
async function setAsideAgain({ store, deadLetters }: ServiceDependencies): Promise<number> {
  await store.deadLetters.clearOpen();
  const ids = new Set<string>();
  await inChunks(deadLetters.all(), async (letters) => {
    for (const { id } of letters) ids.add(id);
    await store.deadLetters.project(letters);
    const instances = letters.filter(({ isEvent }) => isEvent).map(({ id }) => id);
    await store.triggerInstances.settle(instances, TriggerInstanceStatus.processing_failed);
  });
  return ids.size;
}

/** Comes last: what the rule service did with an event while the log was read stands in the row already. */
async function settleInstances({ store, events, rulesGroup }: ServiceDependencies): Promise<void> {
  for (const range of await events.doneBy(rulesGroup)) {
    await store.triggerInstances.settle(range, TriggerInstanceStatus.processed);
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
