import type { JsonObject } from '../../model/json';

/** What an expression sees: JSON, a missing value, or a look-up that answers any name. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value } | Undefined | KeyLookup;

/** A name that led nowhere. Using it is an error that says which name it was (Jinja's StrictUndefined). */
export class Undefined {
  constructor(readonly reason: string) {}
}

/**
 * StackStorm's `st2kv.<scope>`: every name leads to a look-up; one without a stored value renders as empty text and is not "undefined".
 */
export class KeyLookup {
  constructor(private readonly node: unknown) {}
  get(name: string): KeyLookup {
    const { node } = this;
    const inside = isDict(node) && Object.hasOwn(node, name) ? (node as Record<string, unknown>)[name] : undefined;
    return new KeyLookup(inside);
  }
  get text(): string {
    return typeof this.node === 'string' ? this.node : '';
  }
}

export function isDict(value: unknown): value is { [key: string]: Value } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Undefined) &&
    !(value instanceof KeyLookup)
  );
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
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return Array.isArray(value) ? 'list' : 'dict';
}
