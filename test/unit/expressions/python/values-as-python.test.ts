import { Budget } from '../../../../src/expressions/budget';
import { ExpressionError } from '../../../../src/expressions/errors';
import { arithmetic, signed } from '../../../../src/expressions/python/arithmetic';
import type { BinaryOperator } from '../../../../src/expressions/python/arithmetic';
import { contains, equals, ordered, truth } from '../../../../src/expressions/python/compare';
import type { Ordering } from '../../../../src/expressions/python/compare';
import { floatOf, parseInteger, toInt } from '../../../../src/expressions/python/convert';
import { formatValue } from '../../../../src/expressions/python/format';
import { length } from '../../../../src/expressions/python/iterate';
import { dumps, loads } from '../../../../src/expressions/python/json';
import { callMethod } from '../../../../src/expressions/python/methods';
import { round } from '../../../../src/expressions/python/rounding';
import { slice, subscript } from '../../../../src/expressions/python/subscript';
import { asciiRepr, repr, str } from '../../../../src/expressions/python/text';
import type { Value } from '../../../../src/expressions/python/values';
import recorded from './recorded/values.json';
import { fromTagged, toTagged } from './tagged';
import type { Tagged } from './tagged';

/** One operation of Python 3.11: what it gave (`out`), or the class of what it raised (`err`). */
interface Case {
  op: string;
  name?: string;
  o?: string;
  recv?: Tagged;
  v?: Tagged;
  a?: Tagged;
  b?: Tagged;
  k?: Tagged;
  spec?: string;
  args?: Tagged[];
  kw?: Record<string, Tagged>;
  out?: Tagged;
  err?: string;
}

const budget = new Budget({ steps: Infinity, output: Infinity });
const of = (tagged: Tagged | undefined): Value => fromTagged(tagged ?? null);

function called(each: Case): Value {
  const receiver = of(each.recv);
  const named = new Map(Object.entries(each.kw ?? {}).map(([key, value]) => [key, fromTagged(value)]));
  const result = callMethod(receiver, each.name ?? '', {
    positional: (each.args ?? []).map(fromTagged),
    named,
    budget,
  });
  return each.op === 'mutate' ? [result, receiver] : result;
}

function compared({ o, a, b }: Case): boolean {
  const [left, right] = [of(a), of(b)];
  if (o === '==' || o === '!=') return equals(left, right) === (o === '==');
  return o === 'in' ? contains(right, left) : ordered(o as Ordering, left, right);
}

function dumped({ v, kw = {} }: Case): string {
  const { indent, sort_keys: sortKeys, ensure_ascii: ensureAscii, separators } = kw as Record<string, unknown>;
  return dumps(of(v), {
    indent: (indent as number | string | undefined) ?? null,
    sortKeys: sortKeys === true,
    ensureAscii: ensureAscii !== false,
    ...(separators ? { separators: separators as [string, string] } : {}),
  });
}

const OPERATIONS: Readonly<Record<string, (each: Case) => Value>> = {
  method: called,
  mutate: called,
  format: ({ v, spec = '' }) => formatValue(of(v), spec, budget),
  binary: ({ o, a, b }) => arithmetic(o as BinaryOperator, of(a), of(b), budget),
  cmp: compared,
  repr: ({ v }) => repr(of(v)),
  str: ({ v }) => str(of(v)),
  ascii: ({ v }) => asciiRepr(of(v)),
  bool: ({ v }) => truth(of(v)),
  len: ({ v }) => length(of(v)),
  neg: ({ v }) => signed('-', of(v)),
  dumps: dumped,
  loads: ({ v }) => loads(v as string),
  round: ({ v, args = [] }) => round(of(v), of(args[0])),
  int: ({ v }) => toInt(of(v)),
  intb: ({ v, b }) => parseInteger(v as string, b as unknown as number),
  float: ({ v }) => floatOf(of(v)),
  slice: ({ v, args = [] }) => slice(of(v), { start: of(args[0]), stop: of(args[1]), step: of(args[2]) }),
  item: ({ v, k }) => subscript(of(v), of(k)),
};

function outcome(each: Case): unknown {
  try {
    return { out: toTagged((OPERATIONS[each.op] as (each: Case) => Value)(each)) };
  } catch (error) {
    if (error instanceof ExpressionError) return { err: error.type };
    throw error;
  }
}

const cases = recorded as unknown as Case[];
const groups = [...new Set(cases.map(({ op, name, o }) => `${op} ${name ?? o ?? ''}`))];

test.each(groups)('%s does as recorded of Python', (group) => {
  for (const each of cases.filter(({ op, name, o }) => `${op} ${name ?? o ?? ''}` === group)) {
    const { out, err } = each;
    expect({ each, got: outcome(each) }).toEqual({ each, got: err === undefined ? { out } : { err } });
  }
});
