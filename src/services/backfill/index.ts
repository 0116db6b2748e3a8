import type { BackfillLook, BackfillSeen, BackfillStart, BackfillStarted } from '../../model/backfill-steps';
import type { LogRange } from '../../model/log-range';
import { look } from './look';
import type { BackfillParts } from './parts';
import { start } from './start';
import type { StartControl } from './start';

/** The steps of backfills, as their workflow asks for them through the rules role. */
export interface BackfillSteps {
  range(times: { from: string; to: string }): Promise<LogRange>;
  look(asked: BackfillLook, signal: AbortSignal): Promise<BackfillSeen>;
  start(asked: BackfillStart, control: StartControl): Promise<BackfillStarted>;
}

export const createBackfillSteps = (parts: BackfillParts): BackfillSteps => ({
  range: ({ from, to }) => parts.events.range(Date.parse(from), Date.parse(to)),
  look: (asked, signal) => look(parts, asked, signal),
  start: (asked, control) => start(parts, asked, control),
});
