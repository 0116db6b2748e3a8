import type { Budget } from '../budget';
import type { JsonObject } from '../../model/json';
import { typeError } from '../errors';

/**
 * What an expression sees, as Python has it. None is null, text a string (by code point), an integer a number or (beyond ±2^53) a bigint, a
 * float a number with a fraction or {@link PyFloat}, a list an array, a dict a plain object from outside (own properties only) or
 * {@link PyDict}; all else is a {@link PyObject}.
 */
export type Value = null | boolean | number | bigint | string | Value[] | PlainDict | PyObject;
/** A dict as JSON brings it. Read it through {@link dictGet} and its kin. */
export interface PlainDict {
  [key: string]: Value;
}
export type Dict = PlainDict | PyDict;

/** Base of every value that JSON doesn't know. A language may derive its own; each hook answers one of Python's protocols. */
export abstract class PyObject {
  /** Python's name of the type, for messages. */
  abstract readonly typeName: string;
  /** `repr(self)`. */
  repr?(budget: Budget): string;
  /** `str(self)`; {@link repr} when absent. */
  str?(budget: Budget): string;
  /** `bool(self)`; true when neither this nor {@link length} is there. */
  truth?(): boolean;
  /** `iter(self)`. */
  iterate?(): Iterable<Value>;
  /** `len(self)`. */
  length?(): number;
  /** `self == other`; identity when absent. */
  equals?(other: Value, budget: Budget): boolean;
  /** Negative, zero, positive; undefined when the two have no order. */
  compare?(other: Value): number | undefined;
  /** `self operator other`, or `other operator self` when reflected; undefined when not supported. */
  binary?(operator: string, other: Value, reflected: boolean): Value | undefined;
  /** A key that is the same (by Map's rules) for equal values; throws TypeError when unhashable. The object itself when absent. */
  hashKey?(): unknown;
  /** `format(self, spec)`. */
  format?(spec: string, budget: Budget): string;
  /** `needle in self`; goes through {@link iterate} when absent. */
  contains?(needle: Value, budget: Budget): boolean;
  /** `self.name`; undefined when there is none. */
  attribute?(name: string): Value | undefined;
  /** What functions for Python's own types see instead of it: a missing value throws here, marked text is text. */
  asPlain?(): Value;
}

/** A float whose value is integral (or minus zero): 3.0. Made by {@link float}. */
export class PyFloat extends PyObject {
  readonly typeName = 'float';
  constructor(readonly value: number) {
    super();
  }
}

export class PyTuple extends PyObject {
  readonly typeName = 'tuple';
  constructor(readonly items: readonly Value[]) {
    super();
  }
  override length(): number {
    return this.items.length;
  }
  override iterate(): Iterable<Value> {
    return this.items;
  }
  private hashed: string | undefined;
  override hashKey(): unknown {
    this.hashed ??= `\0t${this.items.map((item) => composite(hashKey(item))).join('')}`;
    return this.hashed;
  }
}

/** `set`, or with `frozen` `frozenset`; iterates in order of insertion (Python's order is arbitrary). */
export class PySet extends PyObject {
  private readonly members = new Map<unknown, Value>();
  constructor(
    items: Iterable<Value> = [],
    readonly frozen = false,
  ) {
    super();
    for (const item of items) this.add(item);
  }
  get typeName(): string {
    return this.frozen ? 'frozenset' : 'set';
  }
  add(item: Value): void {
    const key = hashKey(item);
    if (!this.members.has(key)) this.members.set(key, item);
  }
  delete(item: Value): boolean {
    return this.members.delete(hashKey(item));
  }
  clear(): void {
    this.members.clear();
  }
  has(item: Value): boolean {
    return this.members.has(item instanceof PySet ? item.key() : hashKey(item));
  }
  get items(): Value[] {
    return [...this.members.values()];
  }
  override length(): number {
    return this.members.size;
  }
  override iterate(): Iterable<Value> {
    return this.members.values();
  }
  override hashKey(): unknown {
    if (!this.frozen) throw typeError(`unhashable type: 'set'`);
    return this.key();
  }
  private key(): unknown {
    const keys = [...this.members.keys()].map((key) => composite(key));
    return `\0z${keys.sort().join('')}`;
  }
}

/** A dict of ours: any hashable keys (1, 1.0 and True are one), in order of insertion. */
export class PyDict extends PyObject {
  readonly typeName: string = 'dict';
  private readonly slots = new Map<unknown, [Value, Value]>();
  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    super();
    for (const [key, value] of entries) this.set(key, value);
  }
  get size(): number {
    return this.slots.size;
  }
  get(key: Value): Value | undefined {
    return this.slots.get(hashKey(key))?.[1];
  }
  has(key: Value): boolean {
    return this.slots.has(hashKey(key));
  }
  set(key: Value, value: Value): void {
    const hashed = hashKey(key);
    const slot = this.slots.get(hashed);
    if (slot) slot[1] = value;
    else this.slots.set(hashed, [key, value]);
  }
  delete(key: Value): boolean {
    return this.slots.delete(hashKey(key));
  }
  clear(): void {
    this.slots.clear();
  }
  *keys(): Iterable<Value> {
    for (const [key] of this.slots.values()) yield key;
  }
  *entries(): Iterable<readonly [Value, Value]> {
    for (const [key, value] of this.slots.values()) yield [key, value];
  }
  override length(): number {
    return this.size;
  }
  override iterate(): Iterable<Value> {
    return this.keys();
  }
  override hashKey(): unknown {
    throw typeError(`unhashable type: 'dict'`);
  }
}

export class PyBytes extends PyObject {
  readonly typeName = 'bytes';
  constructor(readonly bytes: Uint8Array) {
    super();
  }
  override length(): number {
    return this.bytes.length;
  }
  override iterate(): Iterable<Value> {
    return Array.from(this.bytes);
  }
  override hashKey(): unknown {
    return `\0b${Array.from(this.bytes).join()}`;
  }
}

/** An integer as we hold it: a number when it is safe, else a bigint. */
export function int(value: bigint | number): number | bigint {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : BigInt(value);
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** A float as we hold it. */
export function float(value: number): number | PyFloat {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

/** True for integers; a bool is not one here (see {@link isNumber}). */
export function isInt(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

export function isFloat(value: unknown): value is number | PyFloat {
  return value instanceof PyFloat || (typeof value === 'number' && !Number.isInteger(value));
}

/** True for int, float and bool, which is an int in Python. */
export function isNumber(value: unknown): value is boolean | number | bigint | PyFloat {
  return (
    typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof PyFloat
  );
}

/** The nearest JavaScript number of an int, float or bool. */
export function toNumber(value: boolean | number | bigint | PyFloat): number {
  return value instanceof PyFloat ? value.value : Number(value);
}

export function isDict(value: unknown): value is Dict {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof PyObject) || value instanceof PyDict;
}

/** `d[key]`, undefined when it isn't there. Throws TypeError for an unhashable key. */
export function dictGet(dict: Dict, key: Value): Value | undefined {
  if (dict instanceof PyDict) return dict.get(key);
  return typeof key === 'string' ? (Object.hasOwn(dict, key) ? (dict[key] as Value) : undefined) : absent(key);
}

export function dictHas(dict: Dict, key: Value): boolean {
  return dict instanceof PyDict ? dict.has(key) : dictGet(dict, key) !== undefined;
}

function absent(key: Value): undefined {
  hashKey(key);
  return undefined;
}

export function dictKeys(dict: Dict): Value[] {
  return dict instanceof PyDict ? [...dict.keys()] : Object.keys(dict);
}

export function dictEntries(dict: Dict): (readonly [Value, Value])[] {
  return dict instanceof PyDict ? [...dict.entries()] : Object.entries(dict);
}

export function dictSize(dict: Dict): number {
  return dict instanceof PyDict ? dict.size : Object.keys(dict).length;
}

/** `d[key] = value`, in place. */
export function dictSet(dict: Dict, key: Value, value: Value): void {
  if (dict instanceof PyDict) dict.set(key, value);
  else if (typeof key === 'string') setKey(dict, key, value);
  else throw typeError('a dict from outside takes text keys only');
}

/** `del d[key]`, in place; false when it isn't there. */
export function dictDelete(dict: Dict, key: Value): boolean {
  if (dict instanceof PyDict) return dict.delete(key);
  return dictGet(dict, key) !== undefined && delete dict[key as string];
}

/** An object for keys from outside: it inherits nothing. */
export function emptyDict(): JsonObject {
  return Object.create(null) as JsonObject;
}

/** Sets an own property, also one named `__proto__`. */
export function setKey<T>(target: { [key: string]: T }, key: string, value: T): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

/** Python's name of a value's type, for messages. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (isInt(value)) return 'int';
  if (isFloat(value)) return 'float';
  if (value instanceof PyObject) return value.typeName;
  return Array.isArray(value) ? 'list' : 'dict';
}

/** The value itself, with look-ups and marked text read as text. Throws UndefinedError for a missing one. */
export function plain(value: Value): Value {
  return value instanceof PyObject && value.asPlain ? value.asPlain() : value;
}

/**
 * A key for a JavaScript Map under which Python-equal values meet. Text is its own key (escaped where it looks like one of ours), numbers
 * are theirs. Throws TypeError for an unhashable value.
 */
export function hashKey(value: Value): unknown {
  if (typeof value === 'string') return value.startsWith('\0') ? `\0s${value}` : value;
  if (value === null) return null;
  if (isNumber(value)) return numberKey(value);
  if (value instanceof PyObject) return value.hashKey ? value.hashKey() : value;
  throw typeError(`unhashable type: '${typeName(value)}'`);
}

function numberKey(value: boolean | number | bigint | PyFloat): unknown {
  if (typeof value === 'bigint') return bigKey(value);
  const number = toNumber(value);
  if (!Number.isInteger(number)) return number;
  return Number.isSafeInteger(number) ? number + 0 : bigKey(BigInt(number));
}

/** A Map tells large integers apart by their last digits, which may be the same for many: so they go in as text. */
const bigKey = (value: bigint): string => `\0i${value.toString(32)}`;

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** A hash key as part of a longer one: its length and kind go first, so that parts can't run into each other. */
function composite(key: unknown): string {
  const text = typeof key === 'object' && key !== null ? identity(key) : String(key);
  return `${typeof key === 'bigint' ? 'number' : typeof key}${text.length}:${text}`;
}

function identity(object: object): string {
  const known = identities.get(object) ?? ++lastIdentity;
  identities.set(object, known);
  return String(known);
}
