import type { AuditAnnouncements, DeskActivities, LocalActivities, RunActionInput, RunActionResult } from './contract';
import { createAuditAnnouncer } from './audit-announcer';
import type { AnnouncerParts } from './audit-announcer';
import { adoptAction, askForAction } from './adopt-action';
import { runAction } from './run-action';
import type { ActionActivityParts } from './run-action';
import type { AuditRecord } from '../src/model/audit';
import type { EventLog } from '../src/ports/event-log';
import { ADOPT_ACTIVITY_TYPE, ASK_ACTIVITY_TYPE } from '../workflows/contract';
import { nextFire } from './timer';

/** What the activities need of the process they run in. */
export interface ExecutionActivityParts extends Omit<ActionActivityParts, 'announcer'>, AnnouncerParts {
  eventLog: Pick<EventLog, 'publish'>;
}
/** `default` serves every activity type without a function of its own: the actions, by ref. */
export interface ExecutionActivities extends LocalActivities {
  default(input: RunActionInput): Promise<RunActionResult>;
}

/** What the worker that runs executions and timers needs, for `Worker.create`. */
export interface ExecutionHandlers {
  activities: ExecutionActivities;
  /** What workflows hand over; a replayed step hands nothing over. */
  sinks: { audit: { [K in keyof AuditAnnouncements]: AuditHandler } };
  /** To be called after the worker has ended: what there is to tell goes out, within this time (milliseconds). */
  close(withinMs: number): Promise<void>;
}
interface AuditHandler {
  fn(run: unknown, records: AuditRecord[]): void;
  callDuringReplay: false;
}

export function createExecutionHandlers(given: ExecutionActivityParts): ExecutionHandlers {
  const announcer = createAuditAnnouncer(given);
  const parts = { ...given, announcer };
  return {
    activities: {
      publishAudit: (records) => parts.auditLog.publish(records),
      publishEvent: (event) => parts.eventLog.publish(event),
      nextFire: (spec) => Promise.resolve(nextFire(spec)),
      default: (input) => runAction(parts, input),
    },
    sinks: {
      audit: {
        announce: { fn: (_run, records) => announcer.announce(records), callDuringReplay: false },
        conclude: { fn: (_run, records) => announcer.conclude(records), callDuringReplay: false },
      },
    },
    close: (withinMs) => announcer.close(withinMs),
  };
}

/** Activities of the worker that serves `parts.workerQueue`: questions to this one process. */
export function createDeskActivities(
  parts: Pick<ActionActivityParts, 'desk' | 'workerQueue' | 'isOpen'>,
): DeskActivities {
  return {
    [ASK_ACTIVITY_TYPE]: (input) => askForAction(parts, input),
    [ADOPT_ACTIVITY_TYPE]: (input) => adoptAction(parts, input),
  };
}
