import { Budget } from '../../../../src/expressions/budget';
import { ExpressionError } from '../../../../src/expressions/errors';
import { arithmetic, signed } from '../../../../src/expressions/python/arithmetic';
import { equals, ordered } from '../../../../src/expressions/python/compare';
import { dateTime, fromTimestamp } from '../../../../src/expressions/python/datetime';
import type { PyDateTime } from '../../../../src/expressions/python/datetime';
import { repr, str } from '../../../../src/expressions/python/text';
import { PyTimeDelta, timeDelta } from '../../../../src/expressions/python/timedelta';
import { float } from '../../../../src/expressions/python/values';
import type { Value } from '../../../../src/expressions/python/values';
import recorded from './recorded/moments.json';

const FORMAT = '%a %A %b %B %c %d %D %e %f %F %H %I %j %m %M %p %S %U %w %W %x %X %y %z %Z %%';
const budget = new Budget();

type Parts = (number | null)[];
const moment = ([year, month, day, hour, minute, second, microsecond, offset]: Parts): PyDateTime =>
  dateTime({ year, month, day, hour, minute, second, microsecond, offset } as Parameters<typeof dateTime>[0]);

function text(work: () => Value): string {
  try {
    return str(work());
  } catch (error) {
    if (error instanceof ExpressionError) return error.type;
    throw error;
  }
}

test.each(recorded)('$str and $tstr do as recorded of Python', (each) => {
  const [a, b] = [moment(each.a), moment(each.b)];
  const span = new PyTimeDelta(BigInt(each.t));
  const factor = Number.isInteger(each.k) ? each.k : float(each.k);
  expect({
    str: str(a),
    repr: repr(a),
    sf: each.sf === null ? null : a.strftime(FORMAT),
    add: text(() => arithmetic('+', a, span, budget)),
    sub: text(() => arithmetic('-', a, span, budget)),
    diff: text(() => arithmetic('-', a, b, budget)),
    lt: text(() => ordered('<', a, b)),
    eq: text(() => equals(a, b)),
    ts: each.ts === null ? null : text(() => float(a.timestamp)),
    tstr: str(span),
    trepr: repr(span),
    mul: text(() => arithmetic('*', span, factor, budget)),
    div: text(() => arithmetic('/', span, factor, budget)),
    neg: text(() => signed('-', span)),
    fd: text(() => arithmetic('//', span, 3, budget)),
  }).toEqual({ ...each, a: undefined, b: undefined, t: undefined, k: undefined, tadd: undefined });
});

test('a moment from a timestamp, and a span from parts', () => {
  expect(str(fromTimestamp(0, 7200))).toBe('1970-01-01 02:00:00+02:00');
  expect(str(fromTimestamp(1.5, 0))).toBe('1970-01-01 00:00:01.500000+00:00');
  expect(str(timeDelta({ days: 1, hours: -2.5, microseconds: 0.5 }))).toBe('21:30:00');
  expect(text(() => dateTime({ year: 2023, month: 2, day: 29 }))).toBe('ValueError');
});
