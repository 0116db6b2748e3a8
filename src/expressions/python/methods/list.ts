import { failed, typeError, valueError } from '../../errors';
import type { Budget } from '../../budget';
import { equals, truth } from '../compare';
import { iterate } from '../iterate';
import { sorted } from '../sort';
import { isInt, typeName } from '../values';
import type { PyTuple, Value } from '../values';
import { indexOrNone, method, whole } from './signature';
import type { Bound, Method } from './signature';

/** The first position of an item between two positions. */
function position(items: readonly Value[], [item, start, end]: Bound, budget: Budget): number {
  const bounded = (index: number): number => (index < 0 ? Math.max(0, index + items.length) : index);
  const from = bounded(indexOrNone(start) ?? 0);
  const to = Math.min(items.length, bounded(indexOrNone(end) ?? items.length));
  for (let index = from; index < to; index += 1) {
    budget.step();
    if (equals(items[index] as Value, item as Value, budget)) return index;
  }
  return -1;
}

function occurrences(items: readonly Value[], item: Value, budget: Budget): number {
  budget.step(items.length);
  return items.filter((each) => equals(each, item, budget)).length;
}

function pop(self: Value[], index: Value | undefined): Value {
  if (index !== undefined && !isInt(index) && typeof index !== 'boolean')
    throw typeError(`'${typeName(index)}' object cannot be interpreted as an integer`);
  if (self.length === 0) throw failed('pop from empty list', 'IndexError');
  const at = whole(index, -1);
  const from = at < 0 ? at + self.length : at;
  if (from < 0 || from >= self.length) throw failed('pop index out of range', 'IndexError');
  return self.splice(from, 1)[0] as Value;
}

function remove(self: Value[], args: Bound, budget: Budget): null {
  const at = position(self, [args[0]], budget);
  if (at < 0) throw valueError('list.remove(x): x not in list');
  self.splice(at, 1);
  return null;
}

/** `list.sort(*, key=None, reverse=False)`; a key must be something the language can call, so None is the only one here. */
function sort(self: Value[], args: Parameters<Method<Value[]>>[1]): null {
  if (args.positional.length > 0) throw typeError('sort() takes no positional arguments');
  for (const name of args.named.keys())
    if (name !== 'key' && name !== 'reverse') throw typeError(`sort() got an unexpected keyword argument '${name}'`);
  const key = args.named.get('key') ?? null;
  if (key !== null) throw typeError(`'${typeName(key)}' object is not callable`);
  const items = sorted(self, { reverse: truth(args.named.get('reverse') ?? false), budget: args.budget });
  self.splice(0, self.length, ...items);
  return null;
}

/** Methods of lists. Those that change a list change it in place: the caller gives its own copy of what came from outside. */
export const LIST_METHODS: ReadonlyMap<string, Method<Value[]>> = new Map<string, Method<Value[]>>([
  method('append(object, /)', (self, [item]) => {
    self.push(item as Value);
    return null;
  }),
  method('extend(iterable, /)', (self, [items], budget) => {
    const more = [...iterate(items as Value)];
    budget.step(more.length);
    for (const item of more) self.push(item);
    return null;
  }),
  method('insert(index, object, /)', (self, [index, item]) => {
    self.splice(whole(index, 0), 0, item as Value);
    return null;
  }),
  method('pop(index?, /)', (self, [index]) => pop(self, index)),
  method('remove(value, /)', remove),
  method('index(value, start?, stop?, /)', (self, args, budget) => {
    const at = position(self, args, budget);
    if (at < 0) throw valueError('item is not in list');
    return at;
  }),
  method('count(value, /)', (self, [item], budget) => occurrences(self, item as Value, budget)),
  method('reverse()', (self) => {
    self.reverse();
    return null;
  }),
  ['sort', sort],
  method('copy()', (self, _args, budget) => {
    budget.step(self.length);
    return [...self];
  }),
  method('clear()', (self) => {
    self.length = 0;
    return null;
  }),
]);

export const TUPLE_METHODS: ReadonlyMap<string, Method<PyTuple>> = new Map<string, Method<PyTuple>>([
  method('index(value, start?, stop?, /)', (self, args, budget) => {
    const at = position(self.items, args, budget);
    if (at < 0) throw valueError('tuple.index(x): x not in tuple');
    return at;
  }),
  method('count(value, /)', (self, [item], budget) => occurrences(self.items, item as Value, budget)),
]);
