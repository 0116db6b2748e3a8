import { randomUUID } from 'node:crypto';
import { errorCode, EverstormError } from '../src/model/errors';
import type { NewEvent } from '../src/model/event';
import { isJsonObject } from '../src/model/json';
import type { EventLog } from '../src/ports/event-log';
import type { SensorService } from './api';
import { pause } from './api';

export interface DispatchDependencies {
  eventLog: Pick<EventLog, 'publish'>;
  sensorRef: string;
  /** Is there a trigger with this ref? */
  triggerExists: (ref: string) => Promise<boolean>;
  /** Ends retries. */
  signal: AbortSignal;
}

const ATTEMPTS = 8;
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;

/** CloudEvents source of a sensor's events; with the event id the deduplication key. */
export const sensorSource = (sensorRef: string): string => `/sensors/${sensorRef}`;

/** The service a sensor dispatches with: same event id for every attempt, so that an unclear acknowledgement can't make two events out of one. */
export function createSensorService(dependencies: DispatchDependencies): SensorService {
  const series = randomUUID();
  let counter = 0;
  return {
    dispatch: async (triggerRef, payload, options = {}) => {
      if (!isJsonObject(payload)) {
        throw new EverstormError('INVALID_PAYLOAD', `${dependencies.sensorRef}: a payload is a JSON object`);
      }
      if (!(await dependencies.triggerExists(triggerRef))) {
        throw new EverstormError('UNKNOWN_TRIGGER', `${dependencies.sensorRef}: there is no trigger ${triggerRef}`);
      }
      counter += 1;
      const event: NewEvent = {
        trigger: triggerRef,
        source: sensorSource(dependencies.sensorRef),
        eventId: options.eventId ?? `${series}/${counter}`,
        occurredAt: (options.occurredAt ?? new Date()).toISOString(),
        payload,
        ...(options.traceTag === undefined ? {} : { traceTag: options.traceTag }),
        ...(options.partitionKey === undefined ? {} : { partitionKey: options.partitionKey }),
      };
      return publish(event, dependencies);
    },
  };
}

async function publish(event: NewEvent, { eventLog, signal }: DispatchDependencies): Promise<{ instanceId: string }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await eventLog.publish(event);
    } catch (error) {
      if (errorCode(error) !== 'UNAVAILABLE' || attempt === ATTEMPTS || signal.aborted) throw error;
    }
    await pause(Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS) * (0.5 + Math.random() / 2), signal);
  }
}
