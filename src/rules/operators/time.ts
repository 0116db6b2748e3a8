import { toFloat } from '../../expressions/python/convert';
import { EverstormError } from '../../model/errors';
import type { JsonValue } from '../../model/json';
import { text } from './operator';
import type { OperatorContext, OperatorFamily } from './operator';

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/** Seconds from a moment to the clock. ISO 8601 only (StackStorm's parser takes more forms); without a zone it is UTC. */
function age(value: JsonValue, now: number): number {
  const match = ISO.exec(text(value).trim());
  const [, day, time, zone] = match ?? [];
  const offset = zone && zone !== 'Z' && !zone.includes(':') ? `${zone.slice(0, 3)}:${zone.slice(3)}` : (zone ?? 'Z');
  const moment = match ? Date.parse(`${day}T${time ?? '00:00'}${offset}`) : NaN;
  if (Number.isNaN(moment)) throw new EverstormError('CRITERION_FAILED', 'value is no ISO 8601 time');
  return (now - moment) / 1000;
}

const compare =
  (holds: (seconds: number, limit: number) => boolean) =>
  (value: JsonValue, pattern: JsonValue, { now }: OperatorContext): boolean =>
    pattern !== null && holds(age(value, now), toFloat(pattern));

const below = compare((seconds, limit) => seconds < limit);
const above = compare((seconds, limit) => seconds > limit);

export const TIME: OperatorFamily = { td_lt: below, timediff_lt: below, td_gt: above, timediff_gt: above };
