import type { LetterRow, LetterState, SetAside, Settlement } from '../model/dead-letter';
import type { Page, PageRequest } from './store';

/** Which letters; a field that is left out does not matter. */
export interface LetterFilter {
  code?: string;
  trigger?: string;
  rule?: string;
}

export interface LetterQuery extends PageRequest, LetterFilter {
  /** Default: all. */
  states?: readonly LetterState[];
}

/**
 * One row per letter: a projection of the dead-letter topic, beside what became of the letter, which stands nowhere else. The payload stays in
 * the topic.
 */
export interface DeadLetterRows {
  /** Writes what the topic tells; what became of a letter stays as it is, and so does the first telling of a record set aside twice. */
  project(letters: readonly SetAside[]): Promise<void>;
  get(id: string): Promise<LetterRow | null>;
  /** Newest first. */
  list(query: LetterQuery): Promise<Page<LetterRow>>;
  /** Open letters set aside at or before a time (ISO 8601), by id from behind `after` on; the way through all of them. */
  open(query: LetterFilter & { until: string; after?: string; limit: number }): Promise<LetterRow[]>;
  /** Ends the wait of the letters that are still open, whether their rows are there or not; gives the ids of those it ended. Durable when it resolves. */
  settle(settled: readonly { letter: SetAside; settlement: Settlement }[]): Promise<string[]>;
  /** Forgets open letters (rebuild); what became of the others stays. */
  clearOpen(): Promise<void>;
}
