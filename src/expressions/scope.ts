import { KeyLookup, Undefined } from './python/values';
import type { Value } from './python/values';

/** Variables in force: those of a block over those around it, and at the bottom the context given by the caller. */
export class Scope {
  private readonly variables = new Map<string, Value>();
  constructor(private readonly outer: Scope | Readonly<Record<string, unknown>>) {}

  get(name: string): Value {
    const own = this.variables.get(name);
    if (own !== undefined) return own;
    if (this.outer instanceof Scope) return this.outer.get(name);
    if (Object.hasOwn(this.outer, name)) {
      const value = this.outer[name];
      if (value !== undefined) return name === 'st2kv' ? new KeyLookup(value) : (value as Value);
    }
    return new Undefined(`'${name}' is undefined`);
  }
  set(name: string, value: Value): void {
    this.variables.set(name, value);
  }
}
