import { arithmetic } from '../../python/arithmetic';
import { ordered } from '../../python/compare';
import { dateTime, fromTimestamp, PyDateTime } from '../../python/datetime';
import type { Moment } from '../../python/datetime';
import { parseMoment } from '../../python/parse-moment';
import { strptime } from '../../python/strptime';
import { PyTimeDelta, timeDelta } from '../../python/timedelta';
import { float, int, toNumber } from '../../python/values';
import type { Value } from '../../python/values';
import { failed } from '../../errors';
import { declare } from '../signature';
import type { Args } from '../signature';

const SECOND = 1_000_000n;
const ZERO = new PyTimeDelta(0n);

const moment = (args: Args, index = 0): PyDateTime => args.value(index) as PyDateTime;
const span = (args: Args, index = 0): PyTimeDelta => args.value(index) as PyTimeDelta;

/** Seconds of a zone's offset; UTC unless given, null when given as null. */
function offsetAt(args: Args, index: number): number | null {
  const given = args.has(index) ? args.value(index) : ZERO;
  return given === null ? null : Number((given as PyTimeDelta).total / SECOND);
}

const spanProperty = (name: string, microseconds: number) =>
  declare('function', `#property#${name}(self: span)`, (args) => float(Number(span(args).total) / microseconds));

const momentProperty = (name: string, value: (moment: PyDateTime) => Value) =>
  declare('function', `#property#${name}(self: moment)`, (args) => value(moment(args)));

const offsetOf = ({ offset }: PyDateTime): PyTimeDelta => new PyTimeDelta(BigInt(offset ?? 0) * SECOND);
const midnight = ({ year, month, day, offset }: PyDateTime): PyDateTime => dateTime({ year, month, day, offset });
/** As yaql has it: the zone stays, the clock is set back by its offset. */
const utc = (given: PyDateTime): PyDateTime =>
  new PyDateTime(given.local - BigInt(given.offset ?? 0) * SECOND, given.offset);

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'] as const;

const binary = (operator: '+' | '-' | '*' | '/', left: string, right: string) =>
  declare('function', `#operator_${operator}(left: ${left}, right: ${right})`, (args) =>
    arithmetic(operator, args.value(0), args.value(1), args.env.budget),
  );

const comparisons = (type: string) =>
  (['<', '<=', '>', '>='] as const).map((operator) =>
    declare('function', `#operator_${operator}(left: ${type}, right: ${type})`, (args) =>
      ordered(operator, args.value(0), args.value(1)),
    ),
  );

function replaced(args: Args): Value {
  const given = moment(args);
  const parts: Moment = { year: given.year, month: given.month, day: given.day, offset: given.offset };
  for (const [index, part] of PARTS.entries())
    parts[part] = args.has(index + 1) && args.value(index + 1) !== null ? args.number(index + 1) : given[part];
  if (args.has(8) && args.value(8) !== null) parts.offset = offsetAt(args, 8);
  return dateTime(parts);
}

function now(args: Args): Value {
  const clock = args.env.outside.now;
  if (!clock) throw failed('now() needs the time from outside', 'RuntimeError');
  const offset = offsetAt(args, 0);
  const made = fromTimestamp(clock() / 1000, offset ?? 0);
  return offset === null ? new PyDateTime(made.local) : made;
}

/** Moments and spans of time. Source: yaql's date_time.py. */
export const DATES = [
  declare(
    'function',
    'datetime(year: int, month: int, day: int, hour: int=, minute: int=, second: int=, microsecond: int=, offset: span?=)',
    (args) => {
      const parts: Moment = {
        year: args.number(0),
        month: args.number(1),
        day: args.number(2),
        offset: offsetAt(args, 7),
      };
      for (const index of [3, 4, 5, 6]) parts[PARTS[index] as 'hour'] = args.number(index);
      return dateTime(parts);
    },
  ),
  declare('function', 'datetime(timestamp: num, offset: span?=)', (args) => {
    const offset = offsetAt(args, 1);
    const made = fromTimestamp(toNumber(args.value(0) as number), offset ?? 0);
    return offset === null ? new PyDateTime(made.local) : made;
  }),
  declare('function', 'datetime(string: str, format: str?=)', (args) => {
    const format = args.textOr(1, null);
    const made = format ? strptime(args.text(0), format) : parseMoment(args.text(0), args.env.outside.now);
    return made.offset === null ? new PyDateTime(made.local, 0) : made;
  }),
  declare(
    'function',
    'timespan(days: int=, hours: int=, minutes: int=, seconds: int=, milliseconds: int=, microseconds: int=)',
    (args) => {
      const [days, hours, minutes, seconds, milliseconds, microseconds] = [0, 1, 2, 3, 4, 5].map((at) =>
        args.number(at),
      );
      return timeDelta({ days, hours, minutes, seconds, milliseconds, microseconds } as Parameters<
        typeof timeDelta
      >[0]);
    },
  ),
  declare('function', 'now(offset: span?=)', now),
  declare('function', 'utctz()', () => ZERO),
  declare('function', 'localtz()', () => ZERO),
  declare('function', '#property#microseconds(self: span)', (args) => int(span(args).total)),
  spanProperty('milliseconds', 1_000),
  spanProperty('seconds', 1_000_000),
  spanProperty('minutes', 60_000_000),
  spanProperty('hours', 3_600_000_000),
  spanProperty('days', 86_400_000_000),
  ...PARTS.map((part) => momentProperty(part, (given) => given[part])),
  momentProperty('date', midnight),
  momentProperty('time', (given) => new PyTimeDelta(given.local - midnight(given).local)),
  momentProperty('weekday', (given) => given.weekday),
  momentProperty('utc', utc),
  momentProperty('offset', offsetOf),
  momentProperty('timestamp', (given) => float(utc(given).timestamp)),
  declare(
    'method',
    `replace(dt: moment, ${PARTS.map((part) => `${part}: int?=`).join(', ')}, offset: span?=)`,
    replaced,
  ),
  declare('method', 'format(dt: moment, format: str)', (args) => moment(args).strftime(args.text(1))),
  declare('function', 'isDatetime(value: any)', (args) => args.value(0) instanceof PyDateTime),
  declare('function', 'isTimespan(value: any)', (args) => args.value(0) instanceof PyTimeDelta),
  binary('+', 'moment', 'span'),
  binary('+', 'span', 'moment'),
  binary('-', 'moment', 'span'),
  binary('-', 'moment', 'moment'),
  binary('+', 'span', 'span'),
  binary('-', 'span', 'span'),
  binary('*', 'span', 'num'),
  binary('*', 'num', 'span'),
  binary('/', 'span', 'span'),
  binary('/', 'span', 'num'),
  declare('function', '#unary_operator_-(ts: span)', (args) => new PyTimeDelta(-span(args).total)),
  declare('function', '#unary_operator_+(ts: span)', (args) => span(args)),
  ...comparisons('moment'),
  ...comparisons('span'),
];
