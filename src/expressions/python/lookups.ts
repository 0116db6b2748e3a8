import { failed } from '../errors';
import { PyObject } from './values';
import type { Value } from './values';

/**
 * A name that led nowhere. Using it is an error that says which name it was (Jinja's StrictUndefined); one that isn't strict is empty and
 * false instead (what an inline `if` without `else` gives), and anything more an error.
 */
export class Undefined extends PyObject {
  readonly typeName = 'Undefined';
  constructor(
    readonly reason: string,
    private readonly type = 'UndefinedError',
    readonly strict = true,
  ) {
    super();
  }
  error(): Error {
    return failed(this.reason, this.type);
  }
  override asPlain(): Value {
    if (this.strict) throw this.error();
    return this;
  }
  override str(): string {
    this.asPlain();
    return '';
  }
  override repr(): string {
    return 'Undefined';
  }
  override truth(): boolean {
    return false;
  }
  override length(): number {
    return 0;
  }
  override iterate(): Iterable<Value> {
    return [];
  }
  override equals(other: Value): boolean {
    return other instanceof Undefined;
  }
  override hashKey(): never {
    throw this.error();
  }
}

/** Where stored keys are read from; a path begins with the scope, `system` or `user`. */
export interface KeySource {
  /** The key's text; empty when there is none. */
  text(path: readonly string[]): string;
  /** The same decrypted. */
  decrypted(path: readonly string[]): string;
}

/** StackStorm's `st2kv.<scope>`: every name leads to a look-up; one without a stored value renders as empty text and is not "undefined". */
export class KeyLookup extends PyObject {
  readonly typeName: string = 'KeyValueLookup';
  constructor(
    private readonly source: KeySource,
    private readonly path: readonly string[] = [],
  ) {
    super();
  }
  get(name: string): KeyLookup {
    return new KeyLookup(this.source, [...this.path, name]);
  }
  get text(): string {
    return this.source.text(this.path);
  }
  get decrypted(): string {
    return this.source.decrypted(this.path);
  }
  override asPlain(): Value {
    return this.text;
  }
  override str(): string {
    return this.text;
  }
  override repr(): string {
    return this.text;
  }
  override attribute(name: string): Value {
    return this.get(name);
  }
}
