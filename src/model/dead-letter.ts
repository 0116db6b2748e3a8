import type { ErrorCode } from './errors';

/** A record that was set aside, without its payload. */
export interface SetAside {
  /**
   * Place of the record in the log of events, as the id of a trigger instance: what is set aside again after a crash is the same letter, and
   * the letter of an event has the id that the event has everywhere else.
   */
  id: string;
  code: ErrorCode;
  /** For people; no payload values. */
  reason: string;
  /** Whether the record could be read as an event then; only events are trigger instances. */
  isEvent: boolean;
  /** As far as they can be told of a malformed record. */
  trigger: string | null;
  source: string | null;
  eventId: string | null;
  traceTag: string | null;
  /** ISO 8601. */
  occurredAt: string | null;
  /** Ref of the rule whose evaluation broke, when one did. */
  ruleRef: string | null;
  /** ISO 8601. */
  setAsideAt: string;
  /** Where the letter lies in the dead-letter topic. */
  place: { partition: number; offset: number };
}

/** Life of a letter. Redriven and purged ones are settled. */
export const LetterState = { open: 'open', redriven: 'redriven', purged: 'purged' } as const;
export type LetterState = (typeof LetterState)[keyof typeof LetterState];

/** What ended a letter's wait. */
export interface Settlement {
  state: Exclude<LetterState, 'open'>;
  /** User name. */
  by: string;
  /** ISO 8601. */
  at: string;
  /** Redriven through the log: the new trigger instance. */
  instanceId?: string;
  /** Redriven to one rule: its ref and the execution that stands for it, when one was started. */
  ruleRef?: string;
  executionId?: string;
}

/** A letter with what became of it. */
export interface LetterRow extends SetAside {
  state: LetterState;
  settlement: Settlement | null;
}
