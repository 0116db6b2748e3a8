import { EverstormError, errorCode, messageOf } from '../../model/errors';
import type { ErrorCode } from '../../model/errors';

/** What became of one letter of a request. */
export interface LetterOutcome {
  id: string;
  /** `not-matched` and `failed` are a rule's verdicts; such a letter stays open, and so does a refused one. */
  outcome: 'redriven' | 'purged' | 'already-redriven' | 'already-purged' | 'not-matched' | 'failed' | 'refused';
  /** Redriven through the log: the new instance. */
  trigger_instance?: string;
  rule?: string;
  /** The enforcement that a rule's verdict led to, and its execution. */
  enforcement?: { id: string; status: string; failure_reason?: string };
  execution?: string;
  /** Refused: why. */
  code?: ErrorCode;
  message?: string;
  field?: string;
}

/** The outcome of a letter that something was in the way of. Errors that are not ours are defects and pass. */
export function refused(id: string, error: unknown): LetterOutcome {
  const code = errorCode(error);
  if (code === null) throw error;
  const field = (error as Partial<EverstormError>).details?.field;
  return { id, outcome: 'refused', code, message: messageOf(error), ...(field === undefined ? {} : { field }) };
}

/** The outcome, or the error that a refusal stands for. */
export function orThrow(outcome: LetterOutcome): LetterOutcome {
  if (outcome.outcome !== 'refused') return outcome;
  const { code = 'INTERNAL', message = '', field } = outcome;
  throw new EverstormError(code, message, field === undefined ? {} : { field });
}
