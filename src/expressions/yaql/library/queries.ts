import { failed } from '../../errors';
import { equals, truth } from '../../python/compare';
import { hashKey, PyDict, PyTuple } from '../../python/values';
import type { Value } from '../../python/values';
import { STOP } from '../engine';
import { declare } from '../signature';
import type { Args, Lambda } from '../signature';
import { countedKey, isIterable, isSequence, isSet, items, Ordering, YaqlIterator } from '../values';

const through = (args: Args, index = 0): Generator<Value> => items(args.value(index), args.env.budget);
const all = (args: Args, index = 0): Value[] => [...through(args, index)];
const lazily = (make: () => Generator<Value>): YaqlIterator => new YaqlIterator(make());
const yes = (test: Lambda, ...values: Value[]): boolean => truth(test(values));

/** A method that gives items one by one. */
const stream = (
  signature: string,
  body: (args: Args) => Generator<Value>,
  use: 'function' | 'method' | 'both' = 'method',
) => declare(use, signature, (args) => lazily(() => body(args)));

/** All items made one by `step`, beginning with the argument at `seed` if it was given, else with the first item. */
function folded(args: Args, seed: number, step: (total: Value, item: Value) => Value): Value {
  const source = through(args);
  let total = args.value(seed);
  if (!args.has(seed)) {
    const first = source.next();
    if (first.done) throw failed('reduce() of empty sequence with no initial value', 'TypeError');
    total = first.value;
  }
  for (const item of source) total = step(total, item);
  return total;
}

function* accumulated(args: Args): Generator<Value> {
  const source = through(args);
  let total = args.value(2);
  if (!args.has(2)) {
    const first = source.next();
    if (first.done) throw failed('accumulate() of empty sequence with no initial value', 'TypeError');
    total = first.value;
  }
  yield total;
  for (const item of source) yield (total = args.lambda(1)([total, item]));
}

function* distinct(args: Args): Generator<Value> {
  const seen = new Set<unknown>();
  const selector = args.optional(1);
  for (const item of through(args)) {
    const key = countedKey(selector ? selector([item]) : item, args.env.budget);
    if (seen.has(key)) continue;
    seen.add(key);
    yield item;
  }
}

function grouped(args: Args): Value {
  const groups = new PyDict();
  const [key, value, aggregator] = [args.lambda(1), args.optional(2), args.optional(3)];
  for (const item of through(args)) {
    const name = key([item]);
    countedKey(name, args.env.budget);
    const known = groups.get(name);
    const shown = value ? value([item]) : item;
    if (Array.isArray(known)) known.push(shown);
    else groups.set(name, [shown]);
  }
  return lazily(function* () {
    for (const [name, members] of groups.entries())
      yield aggregator ? new PyTuple([name, aggregator([members])]) : new PyTuple([name, members]);
  });
}

function* zipped(args: Args, longest: boolean): Generator<Value> {
  const collections = args.rest(0).map((each) => [...items(each, args.env.budget)]);
  const lengths = collections.map(({ length }) => length);
  const length = longest ? Math.max(...lengths) : Math.min(...lengths);
  for (let index = 0; index < length; index += 1)
    yield new PyTuple(collections.map((each) => (index < each.length ? (each[index] as Value) : null)));
}

function* joined(args: Args): Generator<Value> {
  const others = all(args, 1);
  for (const one of through(args))
    for (const other of others) if (yes(args.lambda(2), one, other)) yield args.lambda(3)([one, other]);
}

function* endless(args: Args, next: () => Value): Generator<Value> {
  for (;;) {
    args.env.budget.step();
    yield next();
  }
}

function* counted(args: Args, bounds: { from: number; to: number; by: number }): Generator<Value> {
  const { from, to, by } = bounds;
  if (by === 0) throw failed('range() arg 3 must not be zero', 'ValueError');
  for (let at = from; by > 0 ? at < to : at > to; at += by) {
    args.env.budget.step();
    yield at;
  }
}

function* sliced(args: Args): Generator<Value> {
  const size = args.number(1);
  let part: Value[] = [];
  for (const item of through(args)) {
    part.push(item);
    if (part.length === size) {
      yield new PyTuple(part);
      part = [];
    }
  }
  if (part.length > 0) yield new PyTuple(part);
}

/** Runs between items that satisfy a test (which are left out), or between its changes. */
function* splitWhere(args: Args): Generator<Value> {
  let part: Value[] = [];
  for (const item of through(args)) {
    const is = yes(args.lambda(1), item);
    if (is) {
      yield new PyTuple(part);
      part = [];
    } else part.push(item);
  }
  if (part.length > 0) yield new PyTuple(part);
}

/** Cuts where what the predicate gives, whatever it is, changes. */
function* sliceWhere(args: Args): Generator<Value> {
  let part: Value[] = [];
  let former: Value | undefined;
  for (const item of through(args)) {
    const now = args.lambda(1)([item]);
    if (former !== undefined && !equals(now, former, args.env.budget)) {
      yield new PyTuple(part);
      part = [];
    }
    former = now;
    part.push(item);
  }
  if (part.length > 0) yield new PyTuple(part);
}

function* generated(args: Args): Generator<Value> {
  const [test, producer, selector] = [args.lambda(1), args.lambda(2), args.optional(3)];
  const past = args.flag(4, false) ? new Set<unknown>() : null;
  for (let value = args.value(0); yes(test, value); value = producer([value])) {
    args.env.budget.step();
    if (past?.has(countedKey(value, args.env.budget))) return;
    past?.add(hashKey(value));
    yield selector ? selector([value]) : value;
  }
}

function* generatedMany(args: Args): Generator<Value> {
  const [producer, selector] = [args.lambda(1), args.optional(2)];
  const past = args.flag(3, false) ? new Set<unknown>() : null;
  const queue: Value[] = [args.value(0)];
  while (queue.length > 0) {
    args.env.budget.step();
    const value = queue.shift() as Value;
    if (past?.has(countedKey(value, args.env.budget))) continue;
    past?.add(hashKey(value));
    yield selector ? selector([value]) : value;
    const produced = [...items(producer([value]), args.env.budget)];
    if (args.flag(4, false)) queue.unshift(...produced);
    else queue.push(...produced);
  }
}

const ordering = (descending: boolean) => (args: Args) =>
  new Ordering(
    () => all(args),
    (a, b) => truth(args.env.call('#operator_<', [a, b])),
  ).by((item) => args.lambda(1)([item]), descending);
const further = (descending: boolean) => (args: Args) =>
  (args.value(0) as Ordering).by((item) => args.lambda(1)([item]), descending);

function first(args: Args): Value {
  const next = through(args).next();
  if (!next.done) return next.value;
  if (args.has(1)) return args.value(1);
  throw STOP;
}

function single(args: Args): Value {
  const found = all(args);
  if (found.length === 1) return found[0] as Value;
  throw found.length === 0 ? STOP : failed('Collection contains more than one item', 'StopIteration');
}

function last(args: Args): Value {
  const found = all(args);
  if (found.length > 0) return found.at(-1) as Value;
  if (args.has(1)) return args.value(1);
  throw STOP;
}

/** Queries. */
export const QUERIES = [
  stream('where(collection: iter, predicate: lambda)', function* (args) {
    for (const item of through(args)) if (yes(args.lambda(1), item)) yield item;
  }),
  stream('select(collection: iter, selector: lambda)', function* (args) {
    for (const item of through(args)) yield args.lambda(1)([item]);
  }),
  stream(
    '#operator_.(collection: iter, attribute: str)',
    function* (args) {
      for (const item of through(args)) yield args.env.call('#operator_.', [item, args.value(1)]);
    },
    'function',
  ),
  stream('skip(collection: iter, count: int)', function* (args) {
    if (args.number(1) < 0)
      throw failed('Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.', 'ValueError');
    let left = args.number(1);
    for (const item of through(args)) if (left-- <= 0) yield item;
  }),
  stream('limit(collection: iter, count: int)', function* (args) {
    let left = args.number(1);
    if (left < 0)
      throw failed('Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.', 'ValueError');
    if (left === 0) return;
    for (const item of through(args)) {
      yield item;
      if (--left <= 0) return;
    }
  }),
  stream(
    'append(collection: iter, *args: any)',
    function* (args) {
      yield* through(args);
      yield* args.rest(1);
    },
    'both',
  ),
  stream('distinct(collection: iter, keySelector: lambda=)', distinct, 'both'),
  stream(
    'enumerate(collection: iter, start: int=)',
    function* (args) {
      let at = args.number(1);
      for (const item of through(args)) yield [at++, item];
    },
    'both',
  ),
  declare('both', 'any(collection: iter, predicate: lambda=)', (args) => {
    const test = args.optional(1);
    for (const item of through(args)) if (!test || yes(test, item)) return true;
    return false;
  }),
  declare('both', 'all(collection: iter, predicate: lambda=)', (args) => {
    const test = args.optional(1);
    for (const item of through(args)) if (!(test ? yes(test, item) : truth(item))) return false;
    return true;
  }),
  stream(
    'concat(*collections: iter)',
    function* (args) {
      for (const each of args.rest(0)) yield* items(each, args.env.budget);
    },
    'both',
  ),
  declare('both', 'len(collection: once)', (args) => all(args).length),
  declare('method', 'count(collection: iter)', (args) => all(args).length),
  declare('method', 'memorize(collection: iter)', (args) => new PyTuple(all(args))),
  ...(
    [
      ['sum', '#operator_+'],
      ['max', 'max'],
      ['min', 'min'],
    ] as const
  ).map(([name, by]) =>
    declare('method', `${name}(collection: iter, initial: any=)`, (args) =>
      folded(args, 1, (a, b) => args.env.call(by, [a, b])),
    ),
  ),
  ...['aggregate', 'reduce'].map((name) =>
    declare('method', `${name}(collection: iter, selector: lambda, seed: any=)`, (args) =>
      folded(args, 2, (a, b) => args.lambda(1)([a, b])),
    ),
  ),
  stream('accumulate(collection: iter, selector: lambda, seed: any=)', accumulated),
  declare('method', 'first(collection: iter, default: any=)', first),
  declare('method', 'single(collection: iter)', single),
  declare('method', 'last(collection: iter, default: any=)', last),
  stream('selectMany(collection: iter, selector: lambda)', function* (args) {
    for (const item of through(args)) {
      const inner = args.lambda(1)([item]);
      if (isIterable(inner)) yield* items(inner, args.env.budget);
      else yield inner;
    }
  }),
  stream('range(stop: int)', (args) => counted(args, { from: 0, to: args.number(0), by: 1 }), 'function'),
  stream(
    'range(start: int, stop: int, step: int=)',
    (args) => counted(args, { from: args.number(0), to: args.number(1), by: args.number(2, 1) }),
    'function',
  ),
  stream(
    'sequence(start: int=, step: int=)',
    (args) => {
      let at = args.number(0) - args.number(1, 1);
      return endless(args, () => (at += args.number(1, 1)));
    },
    'function',
  ),
  declare('method', 'orderBy(collection: iter, selector: lambda)', ordering(false)),
  declare('method', 'orderByDescending(collection: iter, selector: lambda)', ordering(true)),
  declare('method', 'thenBy(collection: order, selector: lambda)', further(false)),
  declare('method', 'thenByDescending(collection: order, selector: lambda)', further(true)),
  declare(
    'method',
    'groupBy(collection: iter, keySelector: lambda, valueSelector: lambda=, aggregator: lambda=)',
    grouped,
  ),
  stream('zip(*collections: iter)', (args) => zipped(args, false)),
  stream('zipLongest(*collections: iter)', (args) => zipped(args, true)),
  stream('join(collection1: iter, collection2: iter, predicate: lambda, selector: lambda)', joined),
  stream('repeat(value: any, times: int=)', function* (args) {
    let left = args.number(1, -1);
    if (left < 0) return yield* endless(args, () => args.value(0));
    while (left-- > 0) {
      args.env.budget.step();
      yield args.value(0);
    }
  }),
  stream('cycle(collection: iter)', function* (args) {
    const found = all(args);
    if (found.length === 0) return;
    let at = 0;
    yield* endless(args, () => found[at++ % found.length] as Value);
  }),
  stream('takeWhile(collection: iter, predicate: lambda)', function* (args) {
    for (const item of through(args)) {
      if (!yes(args.lambda(1), item)) return;
      yield item;
    }
  }),
  stream('skipWhile(collection: iter, predicate: lambda)', function* (args) {
    let skipping = true;
    for (const item of through(args)) {
      skipping &&= yes(args.lambda(1), item);
      if (!skipping) yield item;
    }
  }),
  declare('method', 'indexWhere(collection: iter, predicate: lambda)', (args) =>
    all(args).findIndex((item) => yes(args.lambda(1), item)),
  ),
  declare('method', 'lastIndexWhere(collection: iter, predicate: lambda)', (args) =>
    all(args).findLastIndex((item) => yes(args.lambda(1), item)),
  ),
  stream('slice(collection: iter, length: int)', sliced),
  stream('splitWhere(collection: iter, predicate: lambda)', splitWhere),
  stream('sliceWhere(collection: iter, predicate: lambda)', sliceWhere),
  declare('method', 'splitAt(collection: iter, index: int)', (args) => {
    const found = all(args);
    return [new PyTuple(found.slice(0, args.number(1))), new PyTuple(found.slice(args.number(1)))];
  }),
  declare('method', 'reverse(collection: iter)', (args) => new PyTuple(all(args).reverse())),
  stream(
    'generate(initial: any, predicate: lambda, producer: lambda, selector: lambda=, decycle: bool=)',
    generated,
    'function',
  ),
  stream(
    'generateMany(initial: any, producer: lambda, selector: lambda=, decycle: bool=, depthFirst: bool=)',
    generatedMany,
    'function',
  ),
  declare('method', 'defaultIfEmpty(collection: iter, default: iter)', (args) => {
    const found = all(args);
    if (found.length === 0) return args.value(1);
    return isSequence(args.value(0)) || isSet(args.value(0)) ? args.value(0) : new PyTuple(found);
  }),
];
