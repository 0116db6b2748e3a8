import type { DeskActivities, LocalActivities, RunActionInput, RunActionResult } from './contract';
import { adoptAction, askForAction } from './adopt-action';
import { runAction } from './run-action';
import type { ActionActivityParts } from './run-action';
import type { EventLog } from '../src/ports/event-log';
import { ADOPT_ACTIVITY_TYPE, ASK_ACTIVITY_TYPE } from '../workflows/contract';
import { nextFire } from './timer';

/** What the activities need of the process they run in. */
export interface ExecutionActivityParts extends ActionActivityParts {
  eventLog: Pick<EventLog, 'publish'>;
}
/** `default` serves every activity type without a function of its own: the actions, by ref. */
export interface ExecutionActivities extends LocalActivities {
  default(input: RunActionInput): Promise<RunActionResult>;
}

/** Activities of the worker that runs executions and timers, for `Worker.create({ activities })`. */
export function createExecutionActivities(parts: ExecutionActivityParts): ExecutionActivities {
  return {
    publishAudit: async (records) => {
      await parts.debug?.('before-audit');
      await parts.auditLog.publish(records);
    },
    publishEvent: (event) => parts.eventLog.publish(event),
    nextFire: (spec) => Promise.resolve(nextFire(spec)),
    default: (input) => runAction(parts, input),
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
