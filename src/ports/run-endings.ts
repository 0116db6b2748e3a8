import type { JsonValue } from '../model/json';
import type { ExecutionStatus } from '../model/statuses';

/** Something to tell of a run that the run itself does not: its end, that it began by a reset, or that it began at all. */
export interface RunFact {
  executionId: string;
  runId: string;
  what: 'end' | 'reset' | 'begin';
}

/** The end that a run told itself before Temporal ended it from outside: Temporal's history does not know of it. */
export interface ToldEnd {
  sequence: number;
  status: ExecutionStatus;
  /** ISO 8601. */
  at: string;
  result?: JsonValue;
}

/**
 * Who tells what of which run, so that several processes tell each thing once. Kept for ever, like the enforcements: a rebuild of the read
 * model asks it. Times are the database's.
 */
export interface RunEndings {
  /**
   * Takes what nobody has in hand: new, or claimed by a process whose lease ran out, and not settled (`evenSettled`: also settled, as long as
   * nobody has it in hand). Of several callers at once one gets it.
   */
  claim(facts: readonly RunFact[], options: { leaseMs: number; evenSettled?: boolean }): Promise<RunFact[]>;
  /** Gives claims back, to be claimed again after `forMs`. */
  postpone(facts: readonly RunFact[], forMs: number): Promise<void>;
  /** It is told: by a record that was acknowledged, or by the run itself (`told`). Nobody claims it again. */
  settle(facts: readonly { fact: RunFact; told?: ToldEnd }[]): Promise<void>;
  /** Those of the facts that are not settled. */
  unsettled(facts: readonly RunFact[]): Promise<RunFact[]>;
  /** The ends that runs of these executions told themselves, by run id. */
  told(executionIds: readonly string[]): Promise<Map<string, ToldEnd>>;
}
