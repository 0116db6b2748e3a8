import { PyObject } from '../python/values';
import type { Value } from '../python/values';

/** Python's generator: gives its items once, each when it is asked for. */
export class Generator extends PyObject {
  readonly typeName: string = 'generator';
  private readonly items: Iterator<Value>;
  constructor(
    private readonly name: string,
    items: Iterable<Value>,
  ) {
    super();
    this.items = items[Symbol.iterator]();
  }
  /** The next item; undefined at the end. */
  next(): Value | undefined {
    const result = this.items.next();
    return result.done ? undefined : result.value;
  }
  override *iterate(): Iterable<Value> {
    for (let item = this.next(); item !== undefined; item = this.next()) yield item;
  }
  override repr(): string {
    return `<generator object ${this.name} at 0x7f0000000000>`;
  }
}
