import type { Budget } from '../budget';
import { failed } from '../errors';
import { str } from '../python/text';
import { Undefined } from '../python/values';
import type { Value } from '../python/values';

/** Arguments of a filter or test as written; read by position or name. */
export class Given {
  constructor(
    private readonly positional: readonly Value[],
    private readonly named: ReadonlyMap<string, Value>,
    readonly budget: Budget,
  ) {}
  /** The argument at `index`, or of this name; `otherwise` when it was not given. */
  value(index: number, name: string, otherwise: Value = null): Value {
    const found = this.positional[index] ?? this.named.get(name);
    if (found instanceof Undefined) throw failed(found.reason);
    return this.has(index, name) ? (found ?? null) : otherwise;
  }
  has(index: number, name: string): boolean {
    return index < this.positional.length || this.named.has(name);
  }
  text(index: number, name: string, otherwise = ''): string {
    return str(this.value(index, name, otherwise));
  }
  flag(index: number, name: string, otherwise = false): boolean {
    return Boolean(this.value(index, name, otherwise));
  }
}

export type Filter = (input: Value, given: Given) => Value;
/** Filters of one family; they see {@link Undefined} only when listed in `SEES_UNDEFINED`. */
export type FilterFamily = Readonly<Record<string, Filter>>;
