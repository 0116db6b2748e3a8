import { failed } from '../../errors';
import { repr } from '../../python/text';
import { contains, equals } from '../../python/compare';
import { dictEntries, dictGet, dictSize, isDict, PyDict, PySet, PyTuple } from '../../python/values';
import type { Dict, Value } from '../../python/values';
import { PyDictView } from '../../python/views';
import { declare } from '../signature';
import type { Args, Rule } from '../signature';
import { asKeys, countedKey, FrozenDict, isIterable, isSequence, isSet, items, YaqlIterator } from '../values';

const dict = (args: Args, index = 0): Dict => args.value(index) as Dict;
const entries = (args: Args, index = 0): readonly (readonly [Value, Value])[] => dictEntries(dict(args, index));
const all = (args: Args, index: number): Value[] => [...items(args.value(index), args.env.budget)];

/** What is there, None as well, or the default. */
function found(args: Args): Value {
  const value = dictGet(dict(args), args.value(1));
  return value === undefined ? args.value(2) : value;
}

function lookUp(args: Args): Value {
  const found = dictGet(dict(args), args.value(1));
  if (found === undefined)
    throw failed(typeof args.value(1) === 'string' ? args.text(1) : repr(args.value(1)), 'KeyError');
  return found;
}

const ruled = (rules: readonly Rule[]): (readonly [Value, Value])[] =>
  rules.map(({ source, destination }) => [source([]), destination([])] as const);

function pairs(args: Args): FrozenDict {
  const result = new FrozenDict();
  for (const pair of all(args, 0)) {
    const [key, value] = [...items(pair, args.env.budget)];
    if (key === undefined || value === undefined) throw failed('', 'StopIteration');
    result.set(key, value);
  }
  return result;
}

const setOf = (args: Args, values: Iterable<Value>): PySet => new PySet(asKeys([...values], args.env.budget), true);

function toDict(args: Args): Value {
  const [key, value] = [args.lambda(1), args.optional(2)];
  const { budget } = args.env;
  return new PyDict(
    all(args, 0).map((item) => {
      const name = key([item]);
      countedKey(name, budget);
      return [name, value ? value([item]) : item] as const;
    }),
  );
}

function without(args: Args, keys: readonly Value[]): Value {
  const result = new PyDict(entries(args));
  for (const key of keys) result.delete(key);
  return result;
}

interface Mergers {
  lists: (a: Value, b: Value) => Value;
  others: (a: Value, b: Value) => Value;
}

function merged(a: Dict, b: Dict, { lists, others }: Mergers, levels: number): Value {
  const result = new FrozenDict();
  for (const [key, left] of dictEntries(a)) {
    const right = dictGet(b, key);
    if (right === undefined) result.set(key, left);
    else if (levels !== 1 && isDict(right)) {
      if (!isDict(left)) throw failed(`Cannot merge dict and ${typeof left}`, 'TypeError');
      result.set(key, merged(left, right, { lists, others }, levels === 0 ? 0 : levels - 1));
    } else if (levels !== 1 && isSequence(right)) {
      if (!isSequence(left)) throw failed('Cannot merge list and other', 'TypeError');
      result.set(key, lists(left, right));
    } else result.set(key, others(left, right));
  }
  for (const [key, right] of dictEntries(b)) if (dictGet(a, key) === undefined) result.set(key, right);
  return result;
}

function mergeWith(args: Args): Value {
  const [lists, others] = [args.optional(2), args.optional(3)];
  const mergers = {
    lists: (a: Value, b: Value) =>
      lists
        ? lists([a, b])
        : new PyTuple([...new PySet([...items(a, args.env.budget), ...items(b, args.env.budget)]).items]),
    others: (a: Value, b: Value) => (others ? others([a, b]) : b),
  };
  return merged(dict(args), dict(args, 1), mergers, args.number(4));
}

const each = (args: Args, from: number): YaqlIterator =>
  new YaqlIterator(
    (function* () {
      for (const item of args.rest(from)) yield item;
    })(),
  );

/** Dicts and sets, and what all collections are asked. */
export const DICTS = [
  declare('function', '#map(*args: rule)', (args) => new FrozenDict(ruled(args.rest<Rule>(0)))),
  declare('function', 'dict(*args: rule)', (args) => new FrozenDict(ruled(args.rest<Rule>(0)))),
  declare('function', 'dict(items: iter)', pairs),
  declare('method', 'toDict(collection: iter, keySelector: lambda, valueSelector: lambda=)', toDict),
  declare('function', '#operator_.(dict: map, key: str)', lookUp),
  declare('function', '#indexer(dict: map, key: any)', lookUp),
  declare('function', '#indexer(dict: map, key: any, default: any)', found),
  declare('method', 'get(dict: map, key: any, default: any=)', found),
  declare(
    'method',
    'set(dict: map, key: any, value: any)',
    (args) => new FrozenDict([...entries(args), [args.value(1), args.value(2)]]),
  ),
  declare('method', 'set(dict: map, replacements: map)', (args) => {
    args.env.budget.step(10 + 2 * (dictSize(dict(args)) + dictSize(dict(args, 1))));
    return new FrozenDict([...entries(args), ...entries(args, 1)]);
  }),
  declare(
    'method',
    'set(dict: map, *args: rule)',
    (args) => new FrozenDict([...entries(args), ...ruled(args.rest<Rule>(1))]),
  ),
  ...(['keys', 'values', 'items'] as const).map((kind) =>
    declare('method', `${kind}(dict: map)`, (args) => new PyDictView(kind, dict(args))),
  ),
  declare('method', 'containsKey(dict: map, key: any)', (args) => dictGet(dict(args), args.value(1)) !== undefined),
  declare('method', 'containsValue(dict: map, value: any)', (args) =>
    entries(args).some(([, value]) => equals(value, args.value(1), args.env.budget)),
  ),
  declare('function', '#operator_+(left: map, right: map)', (args) => {
    args.env.budget.step(10 + 2 * (dictSize(dict(args)) + dictSize(dict(args, 1))));
    return new FrozenDict([...entries(args), ...entries(args, 1)]);
  }),
  declare('both', 'len(dict: map)', (args) => dictSize(dict(args))),
  declare('method', 'delete(dict: map, *keys: any)', (args) => without(args, args.rest(1))),
  declare('method', 'deleteAll(dict: map, keys: iter)', (args) => without(args, all(args, 1))),
  declare(
    'method',
    'mergeWith(dict: map, another: map, listMerger: lambda=, itemMerger: lambda=, maxLevels: int=)',
    mergeWith,
  ),
  declare('function', 'isDict(arg: any)', (args) => isDict(args.value(0))),
  declare('function', 'isList(arg: any)', (args) => isSequence(args.value(0))),
  declare('function', 'isSet(arg: any)', (args) => isSet(args.value(0))),
  declare('function', 'isIterable(value: any)', (args) => isIterable(args.value(0))),
  declare('function', 'set(*args: any)', (args) => setOf(args, spread(each(args, 0), args))),
  declare('method', 'toSet(collection: iter)', (args) => setOf(args, all(args, 0))),
  declare('both', 'len(set: set)', (args) => all(args, 0).length),
  declare('method', 'union(left: set, right: set)', (args) => setOf(args, [...all(args, 0), ...all(args, 1)])),
  ...(
    [
      ['intersect', (inLeft: boolean, inRight: boolean) => inLeft && inRight],
      ['difference', (inLeft: boolean, inRight: boolean) => inLeft && !inRight],
      ['symmetricDifference', (inLeft: boolean, inRight: boolean) => inLeft !== inRight],
    ] as const
  ).map(([name, keeps]) =>
    declare('method', `${name}(left: set, right: set)`, (args) => {
      const [left, right] = [setOf(args, all(args, 0)), setOf(args, all(args, 1))];
      return new PySet(
        [...left.items, ...right.items].filter((item) => keeps(left.has(item), right.has(item))),
        true,
      );
    }),
  ),
  declare('method', 'add(set: set, *values: any)', (args) => setOf(args, [...all(args, 0), ...args.rest(1)])),
  declare('method', 'remove(set: set, *values: any)', (args) => {
    const gone = new PySet(args.rest(1));
    return new PySet(
      all(args, 0).filter((item) => !gone.has(item)),
      true,
    );
  }),
  declare('function', '#operator_in(value: any, collection: iter)', (args) => isIn(args, args.value(1), args.value(0))),
  declare('method', 'contains(collection: iter, value: any)', (args) => isIn(args, args.value(0), args.value(1))),
];

function isIn(args: Args, collection: Value, value: Value): boolean {
  if (collection instanceof YaqlIterator || !isSet(collection))
    return [...items(collection, args.env.budget)].some((item) => equals(item, value, args.env.budget));
  return contains(collection, value, args.env.budget);
}

/** Arguments with generators among them spread out. */
export function* spread(source: Value, args: Args): Generator<Value> {
  for (const item of items(source, args.env.budget)) {
    if (item instanceof YaqlIterator) yield* spread(item, args);
    else yield item;
  }
}
