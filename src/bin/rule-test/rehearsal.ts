import { EverstormError } from '../../model/errors';
import type { JsonValue } from '../../model/json';
import { isJsonObject } from '../../model/json';
import type { RehearsalStep, RehearsedEvent } from '../../services/condition-service/rehearse';

/** The events of a file that holds a list: `{time, payload, trigger?}` each. Throws CONFIGURATION naming what is wrong with which. */
export function eventsOf(file: string, list: readonly JsonValue[]): RehearsedEvent[] {
  return list.map((item, index) => {
    const bad = (what: string): EverstormError =>
      new EverstormError('CONFIGURATION', `${file}: event ${index + 1}: ${what}`);
    if (!isJsonObject(item)) throw bad('expected an object with time and payload');
    const { time, trigger, payload } = item;
    const at = typeof time === 'string' ? Date.parse(time) : NaN;
    if (Number.isNaN(at)) throw bad(`time: expected an ISO 8601 time, got ${JSON.stringify(time ?? null)}`);
    if (!isJsonObject(payload)) throw bad('payload: expected an object');
    if (trigger !== undefined && typeof trigger !== 'string') throw bad("trigger: expected a trigger's ref");
    return { at, payload, ...(trigger === undefined ? {} : { trigger }) };
  });
}

/** A rehearsal for people: a line for each step. */
export const rehearsalLines = (steps: readonly RehearsalStep[]): string[] =>
  steps.map(({ time, event, says, key, reason }) => {
    const of = key === undefined || key === '' ? '' : ` for ${JSON.stringify(key)}`;
    return `${time}  event ${event} ${says}${of}${reason === undefined ? '' : ` (${reason})`}`;
  });
