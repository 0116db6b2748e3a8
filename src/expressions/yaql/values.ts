import type { Budget } from '../budget';
import { failed, typeError } from '../errors';
import { isDict, hashKey, PyDict, PyObject, PySet, PyTuple } from '../python/values';
import type { Value } from '../python/values';
import { PyDictView } from '../python/views';
import type { Regex } from '../regex/regex';

/** A dict as YAQL makes them: it can be a key itself. */
export class FrozenDict extends PyDict {
  private hashed: string | undefined;
  override hashKey(): unknown {
    this.hashed ??= `\0f${[...this.entries()].map(([key, value]) => JSON.stringify([String(hashKey(key)), String(hashKey(value))])).join()}`;
    return this.hashed;
  }
}

const HASHED_CHARACTERS = 16;

/** A value's key, large ones counted by their size. Throws TypeError for what can't be a key. */
export function countedKey(value: Value, budget: Budget): unknown {
  const key = hashKey(value);
  budget.step(typeof key === 'string' ? 1 + Math.ceil(key.length / HASHED_CHARACTERS) : 1);
  return key;
}

/** Values that are to become keys, counted as such. */
export function asKeys(values: readonly Value[], budget: Budget): readonly Value[] {
  for (const value of values) countedKey(value, budget);
  return values;
}

/** Something that is gone through once, step by step. */
export class YaqlIterator extends PyObject {
  readonly typeName: string = 'generator';
  constructor(private readonly source: Iterator<Value>) {
    super();
  }
  override iterate(): Iterable<Value> {
    return { [Symbol.iterator]: () => this.source };
  }
  override repr(): string {
    return '<generator object>';
  }
}

/** What `orderBy` gives: it is sorted when it is first gone through, by all fields added until then. */
export class Ordering extends PyObject {
  readonly typeName = 'OrderingIterable';
  private sorted: readonly Value[] | undefined;
  private readonly fields: { key: (item: Value) => Value; descending: boolean }[] = [];
  constructor(
    private readonly items: () => Value[],
    private readonly less: (a: Value, b: Value) => boolean,
  ) {
    super();
  }
  by(key: (item: Value) => Value, descending: boolean): this {
    this.fields.push({ key, descending });
    return this;
  }
  override iterate(): Iterable<Value> {
    this.sorted ??= this.items().sort((a, b) => this.rank(a, b));
    return this.sorted;
  }
  private rank(a: Value, b: Value): number {
    for (const { key, descending } of this.fields) {
      const [left, right] = [key(a), key(b)];
      const result = this.less(left, right) ? -1 : this.less(right, left) ? 1 : 0;
      if (result !== 0) return descending ? -result : result;
    }
    return 0;
  }
}

export class YaqlRegex extends PyObject {
  readonly typeName = 're.Pattern';
  constructor(readonly regex: Regex) {
    super();
  }
}

/** A function as a value (`lambda(…)`). */
export class YaqlFunction extends PyObject {
  readonly typeName = 'function';
  constructor(readonly call: (args: readonly Value[]) => Value) {
    super();
  }
}

export const isIterable = (value: unknown): boolean =>
  Array.isArray(value) || (value instanceof PyObject && value.iterate !== undefined && !isDict(value));
export const isSequence = (value: unknown): boolean => Array.isArray(value) || value instanceof PyTuple;
export const isSet = (value: unknown): boolean =>
  value instanceof PySet || (value instanceof PyDictView && value.kind !== 'values');

/** Goes through a collection, counting two steps an item: what comes one by one takes longer than what is there. */
export function* items(value: Value, budget: Budget): Generator<Value> {
  if (!isIterable(value)) throw typeError('object is not iterable');
  const source = Array.isArray(value) ? value : ((value as PyObject).iterate?.() ?? []);
  for (const item of source) {
    budget.step(2);
    yield item;
  }
}

const converted = new WeakMap<object, Value>();

/** Data from outside as YAQL sees it: lists are tuples, dicts can't be changed. */
export function fromOutside(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof PyObject && !(value instanceof PyDict)) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const inside = Array.isArray(value) ? new PyTuple(value.map(fromOutside)) : frozen(value as PyDict);
  converted.set(value, inside);
  return inside;
}

function frozen(value: PyDict | { [key: string]: Value }): FrozenDict {
  const entries = value instanceof PyDict ? [...value.entries()] : Object.entries(value);
  return new FrozenDict(entries.map(([key, item]) => [fromOutside(key), fromOutside(item)] as const));
}

/** A result as it leaves: tuples and generators are lists; a set stays one. Throws TypeError for a set of what can't be in one. */
export function toOutside(value: Value, budget: Budget): Value {
  return budget.nested(() => {
    if (value instanceof PyDict)
      return new PyDict([...value.entries()].map(([key, item]) => [key, toOutside(item, budget)] as const));
    if (isSet(value)) return new PySet([...items(value, budget)].map((item) => setMember(item, budget)));
    if (isIterable(value)) return [...items(value, budget)].map((item) => toOutside(item, budget));
    if (value instanceof YaqlRegex || value instanceof YaqlFunction)
      throw failed(`a ${value.typeName} can't be a result`, 'TypeError');
    return value;
  });
}

function setMember(item: Value, budget: Budget): Value {
  const outside = toOutside(item, budget);
  hashKey(outside);
  return outside;
}
