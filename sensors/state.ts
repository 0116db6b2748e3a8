import type { JsonObject, JsonValue } from '../src/model/json';
import { isJsonObject } from '../src/model/json';
import { EverstormError } from '../src/model/errors';
import type { SensorState } from './api';

const MAX_STATE_BYTES = 64 * 1024;

/** A sensor's memory as it travels in heartbeat details: restored from the last heartbeat of the attempt before, sent with every heartbeat. */
export interface KeptState extends SensorState {
  snapshot(): JsonObject;
}

/** Throws (in `set`) INVALID_REQUEST when the whole state would exceed 64 KiB: heartbeats carry it every second. */
export function createState(heartbeatDetails: unknown): KeptState {
  const values = new Map<string, JsonValue>(isJsonObject(heartbeatDetails) ? Object.entries(heartbeatDetails) : []);
  const snapshot = (): JsonObject => Object.fromEntries(values);
  return {
    get: (key) => values.get(key),
    set: (key, value) => {
      const before = values.get(key);
      values.set(key, structuredClone(value));
      if (Buffer.byteLength(JSON.stringify(snapshot())) <= MAX_STATE_BYTES) return;
      if (before === undefined) values.delete(key);
      else values.set(key, before);
      throw new EverstormError('INVALID_REQUEST', 'The state of a sensor may take 64 KiB at most', { field: key });
    },
    snapshot,
  };
}
