import type { RunActionInput } from '../contract';
import type { ExecutionOutcome } from '../../src/model/execution';

/** What a runner is given beside its input. */
export interface RunControl {
  /** Aborts when the execution is cancelled or the worker shuts down: stop everything that was started, then return. */
  signal: AbortSignal;
}

/**
 * Runs an action by its runner type. Resolves with the outcome whatever the action did: failures and time-outs are
 * outcomes. Throws an EverstormError only where the run could not be attempted.
 */
export interface ActionRunners {
  run(input: RunActionInput, control: RunControl): Promise<ExecutionOutcome>;
}
