import { ApplicationFailure } from '@temporalio/common';
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { BackfillLook, BackfillSeen, BackfillStart, BackfillStarted } from '../src/model/backfill-steps';
import { ERRORS, errorCode, messageOf } from '../src/model/errors';
import type { LogRange } from '../src/model/log-range';
import { beating } from './beating';
import type { BackfillActivities } from './contract';

/** The steps themselves; the signal asks them to end early with what they have. */
interface Steps {
  range(times: { from: string; to: string }): Promise<LogRange>;
  look(asked: BackfillLook, signal: AbortSignal): Promise<BackfillSeen>;
  start(asked: BackfillStart, control: { signal: AbortSignal; again: boolean }): Promise<BackfillStarted>;
}

/** An error that no one foresaw is tried again this often: it may be a dependency's, or a defect. */
const UNFORESEEN_TRIES = 10;

/** Steps of backfills as activities of the rules role: heard of while they run, tried again after an outage. */
export function createBackfillActivities(steps: Steps): BackfillActivities {
  return {
    backfillRange: (times) => attended(() => steps.range(times)),
    backfillLook: (asked) => attended((signal) => steps.look(asked, signal)),
    backfillStart: (asked) => attended((signal) => steps.start(asked, { signal, again: activityInfo().attempt > 1 })),
  };
}

async function attended<T>(step: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await beating(() => step(cancellationSignal()));
  } catch (error) {
    throw failureOf(error, activityInfo().attempt);
  }
}

function failureOf(error: unknown, attempt: number): ApplicationFailure {
  const code = errorCode(error);
  const again = code === null ? attempt < UNFORESEEN_TRIES : ERRORS[code].retryable;
  return ApplicationFailure.create({ message: messageOf(error), type: code ?? 'INTERNAL', nonRetryable: !again });
}
