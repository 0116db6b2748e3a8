import { toFloat } from '../../expressions/python/convert';
import { parseMoment } from '../../expressions/python/parse-moment';
import type { JsonValue } from '../../model/json';
import { text } from './operator';
import type { OperatorContext, OperatorFamily } from './operator';

/** Seconds from a moment to the clock. The moment may be written in any way dateutil reads; without a zone it is UTC. */
const age = (value: JsonValue, now: number): number => now / 1000 - parseMoment(text(value), () => now).timestamp;

const compare =
  (holds: (seconds: number, limit: number) => boolean) =>
  (value: JsonValue, pattern: JsonValue, { now }: OperatorContext): boolean =>
    pattern !== null && holds(age(value, now), toFloat(pattern));

const below = compare((seconds, limit) => seconds < limit);
const above = compare((seconds, limit) => seconds > limit);

export const TIME: OperatorFamily = { td_lt: below, timediff_lt: below, td_gt: above, timediff_gt: above };
