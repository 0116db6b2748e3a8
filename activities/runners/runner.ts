import type { ExecutionOutcome } from '../../src/model/execution';
import type { RunActionInput } from '../contract';
import type { RunControl } from './contract';

/** One kind of runner. What it throws becomes a failed outcome in registry.ts. */
export type Runner = (input: RunActionInput, control: RunControl) => Promise<ExecutionOutcome>;
