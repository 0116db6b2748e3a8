import { failed } from '../../errors';
import { iterate } from '../iterate';
import { repr } from '../text';
import { PySet } from '../values';
import type { Value } from '../values';
import { method } from './signature';
import type { CallArgs, Method } from './signature';

const setOf = (value: Value | undefined): PySet =>
  value instanceof PySet ? value : new PySet(iterate(value as Value));

/** A method that combines the set with any number of iterables. */
const combined = (
  name: string,
  combine: (items: readonly Value[], other: PySet) => Value[],
): [string, Method<PySet>] => [
  name,
  (self, { positional, budget }: CallArgs) => {
    const items = positional.reduce<Value[]>((result, other) => {
      const set = setOf(other);
      budget.step(result.length + set.length());
      return combine(result, set);
    }, self.items);
    return new PySet(items, self.frozen);
  },
];

const within = (a: PySet, b: PySet): boolean => a.items.every((item) => b.has(item));

const READING: readonly [string, Method<PySet>][] = [
  combined('union', (items, other) => [...items, ...other.items]),
  combined('intersection', (items, other) => items.filter((item) => other.has(item))),
  combined('difference', (items, other) => items.filter((item) => !other.has(item))),
  method('symmetric_difference(other, /)', (self, [other]) => {
    const set = setOf(other);
    const [mine, theirs] = [self.items.filter((item) => !set.has(item)), set.items.filter((item) => !self.has(item))];
    return new PySet([...mine, ...theirs], self.frozen);
  }),
  method('issubset(other, /)', (self, [other]) => within(self, setOf(other))),
  method('issuperset(other, /)', (self, [other]) => within(setOf(other), self)),
  method('isdisjoint(other, /)', (self, [other]) => !setOf(other).items.some((item) => self.has(item))),
  method('copy()', (self) => new PySet(self.items, self.frozen)),
];

function remove(self: PySet, item: Value): null {
  if (!self.delete(item)) throw failed(repr(item), 'KeyError');
  return null;
}

function pop(self: PySet): Value {
  const first = self.items[0];
  if (first === undefined) throw failed(`'pop from an empty set'`, 'KeyError');
  self.delete(first);
  return first;
}

const CHANGING: readonly [string, Method<PySet>][] = [
  method('add(item, /)', (self, [item]) => {
    self.add(item as Value);
    return null;
  }),
  method('discard(item, /)', (self, [item]) => {
    self.delete(item as Value);
    return null;
  }),
  method('remove(item, /)', (self, [item]) => remove(self, item as Value)),
  method('pop()', pop),
  method('clear()', (self) => {
    self.clear();
    return null;
  }),
  [
    'update',
    (self, { positional, budget }) => {
      for (const other of positional)
        for (const item of iterate(other)) {
          budget.step();
          self.add(item);
        }
      return null;
    },
  ],
];

export const SET_METHODS: ReadonlyMap<string, Method<PySet>> = new Map([...READING, ...CHANGING]);
export const FROZENSET_METHODS: ReadonlyMap<string, Method<PySet>> = new Map(READING);
