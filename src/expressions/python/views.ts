import type { Budget } from '../budget';
import { equals } from './compare';
import { isIterable, iterate } from './iterate';
import { repr } from './text';
import { dictEntries, dictHas, dictSize, PyObject, PySet, PyTuple } from './values';
import type { Dict, Value } from './values';

const pairs = (dict: Dict): Value[] => dictEntries(dict).map(([key, value]) => new PyTuple([key, value]));

/** What `dict.keys()`, `values()` and `items()` give: they show the dict as it is at the time. */
export class PyDictView extends PyObject {
  constructor(
    readonly kind: 'keys' | 'values' | 'items',
    private readonly dict: Dict,
  ) {
    super();
  }
  get typeName(): string {
    return `dict_${this.kind}`;
  }
  override length(): number {
    return dictSize(this.dict);
  }
  override iterate(): Value[] {
    if (this.kind === 'items') return pairs(this.dict);
    return dictEntries(this.dict).map(([key, value]) => (this.kind === 'keys' ? key : value));
  }
  override repr(budget: Budget): string {
    const items = this.iterate().map((item) => repr(item, budget));
    return `${this.typeName}([${items.join(', ')}])`;
  }
  override contains(needle: Value, budget: Budget): boolean {
    if (this.kind === 'keys') return dictHas(this.dict, needle);
    return this.iterate().some((item) => equals(item, needle, budget));
  }
  override equals(other: Value, budget: Budget): boolean {
    if (this === other) return true;
    if (this.kind === 'values' || !(other instanceof PyDictView || other instanceof PySet)) return false;
    const others = Array.from(other.iterate());
    return others.length === this.length() && others.every((item) => this.contains(item, budget));
  }
  /** Set operations of keys and items. */
  override binary(operator: string, other: Value, reflected: boolean): Value | undefined {
    if (this.kind === 'values' || !isIterable(other)) return undefined;
    const [left, right] = [new PySet(this.iterate()), new PySet(iterate(other))];
    const [a, b] = reflected ? [right, left] : [left, right];
    switch (operator) {
      case '-':
        return new PySet(a.items.filter((item) => !b.has(item)));
      case '&':
        return new PySet(a.items.filter((item) => b.has(item)));
      case '|':
        return new PySet([...a.items, ...b.items]);
      case '^':
        return new PySet([...a.items.filter((item) => !b.has(item)), ...b.items.filter((item) => !a.has(item))]);
      default:
        return undefined;
    }
  }
}
