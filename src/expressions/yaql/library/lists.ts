import { arithmetic } from '../../python/arithmetic';
import { equals } from '../../python/compare';
import { subscript } from '../../python/subscript';
import { failed } from '../../errors';
import { PySet, PyTuple } from '../../python/values';
import type { Value } from '../../python/values';
import { declare } from '../signature';
import type { Args } from '../signature';
import { isSequence, isSet, items, YaqlIterator } from '../values';
import { spread } from './dicts';

const all = (args: Args, index = 0): Value[] => [...items(args.value(index), args.env.budget)];
const lazily = (source: Generator<Value>): YaqlIterator => new YaqlIterator(source);
const inside = (at: number, from: number, count: number): boolean =>
  count < 0 ? at >= from : at >= from && at < from + count;

function* flat(collection: Value, args: Args): Generator<Value> {
  for (const item of items(collection, args.env.budget)) {
    if (isIterableInside(item)) yield* flat(item, args);
    else yield item;
  }
}
const isIterableInside = (item: Value): boolean => isSequence(item) || isSet(item) || item instanceof YaqlIterator;

function* without(args: Args): Generator<Value> {
  const [from, count] = [args.number(1), args.number(2, 1)];
  for (const [at, item] of all(args).entries()) if (!inside(at, from, count)) yield item;
}

function* replaced(args: Args, values: readonly Value[]): Generator<Value> {
  const [from, count] = [args.number(1), args.number(3, 1)];
  let done = false;
  for (const [at, item] of all(args).entries()) {
    if (!inside(at, from, count)) yield item;
    else if (!done) {
      done = true;
      yield* values;
    }
  }
}

function* inserted(args: Args, values: readonly Value[]): Generator<Value> {
  const position = args.number(1);
  let at = -1;
  for (const item of items(args.value(0), args.env.budget)) {
    at += 1;
    if (at === position) yield* values;
    yield item;
  }
  if (position > at) yield* values;
}

function* insertedMany(args: Args): Generator<Value> {
  if (args.number(1) < 0) yield* items(args.value(2), args.env.budget);
  yield* inserted(args, all(args, 2));
}

const isSized = (value: Value): value is PyTuple | PySet => value instanceof PyTuple || value instanceof PySet;
const LAZY_STEPS = 20;
/** Items copied for one step. */
const COPIED = 2;

function combined(args: Args): Value {
  const [left, right] = [args.value(0), args.value(1)];
  if (isSized(left) && isSized(right))
    args.env.budget.step(LAZY_STEPS + Math.ceil((left.length() + right.length()) / COPIED));
  if (left instanceof PyTuple && right instanceof PyTuple) return new PyTuple([...left.items, ...right.items]);
  if (left instanceof PySet && right instanceof PySet) return new PySet([...left.items, ...right.items], true);
  // A generator made costs far more than an item of one.
  args.env.budget.step(LAZY_STEPS);
  return lazily(
    (function* () {
      yield* items(left, args.env.budget);
      yield* items(right, args.env.budget);
    })(),
  );
}

const multiplied = (args: Args): Value => arithmetic('*', args.value(0), args.value(1), args.env.budget);
const place = (args: Args, found: (item: Value) => boolean, last: boolean): number =>
  last ? all(args).findLastIndex(found) : all(args).findIndex(found);

/** Lists. */
export const LISTS = [
  declare('function', '#list(*args: any)', (args) => new PyTuple(args.rest(0))),
  declare('function', 'list(*args: any)', (args) => new PyTuple([...spread(new PyTuple(args.rest(0)), args)])),
  declare('method', 'flatten(collection: iter)', (args) => lazily(flat(args.value(0), args))),
  declare('method', 'toList(collection: iter)', (args) => new PyTuple(all(args))),
  declare('function', '#indexer(list: seq, index: int)', (args) => {
    try {
      return subscript(args.value(0), args.value(1));
    } catch {
      throw failed(`${args.value(0) instanceof PyTuple ? 'tuple' : 'list'} index out of range`, 'IndexError');
    }
  }),
  declare('function', '#operator_+(left: iter, right: iter)', combined),
  declare('function', '#operator_*(left: seq, right: int)', multiplied),
  declare('function', '#operator_*(left: int, right: seq)', multiplied),
  declare('both', 'len(sequence: seq)', (args) => all(args).length),
  declare('method', 'delete(collection: iter, position: int, count: int=)', (args) => lazily(without(args))),
  declare('method', 'replace(collection: iter, position: int, value: any, count: int=)', (args) =>
    lazily(replaced(args, [args.value(2)])),
  ),
  declare('method', 'replaceMany(collection: iter, position: int, values: iter, count: int=)', (args) =>
    lazily(replaced(args, all(args, 2))),
  ),
  declare('method', 'insert(collection: seq, position: int, value: any)', (args) => {
    const list = all(args);
    list.splice(args.number(1), 0, args.value(2));
    return list;
  }),
  declare('method', 'insert(collection: iter, position: int, value: any)', (args) => {
    if (isSet(args.value(0)))
      throw failed('No method "insert" matches supplied arguments', 'NoMatchingMethodException');
    return lazily(inserted(args, [args.value(2)]));
  }),
  declare('method', 'insertMany(collection: iter, position: int, values: iter)', (args) => lazily(insertedMany(args))),
  declare('method', 'indexOf(collection: iter, item: any)', (args) =>
    place(args, (each) => equals(each, args.value(1)), false),
  ),
  declare('method', 'lastIndexOf(collection: iter, item: any)', (args) =>
    place(args, (each) => equals(each, args.value(1)), true),
  ),
];
