import { PyObject } from '../python/values';
import type { Value } from '../python/values';

/** Names in force: variables, and functions made by `def`. A value too: `let(…)` and `with(…)` give one to `->`. */
export class Context extends PyObject {
  readonly typeName = 'Context';
  private readonly variables = new Map<string, Value>();
  private readonly functions = new Map<string, (args: readonly Value[]) => Value>();

  constructor(private readonly parent: Context | null = null) {
    super();
  }
  child(args: readonly Value[] = []): Context {
    const inner = new Context(this);
    args.forEach((value, index) => inner.set(String(index + 1), value));
    return inner;
  }
  get(name: string): Value {
    const own = this.variables.get(name);
    return own === undefined ? (this.parent?.get(name) ?? null) : own;
  }
  set(name: string, value: Value): void {
    this.variables.set(name.replace(/^\$/, '') || '1', value);
  }
  define(name: string, body: (args: readonly Value[]) => Value): void {
    this.functions.set(name, body);
  }
  defined(name: string): ((args: readonly Value[]) => Value) | undefined {
    return this.functions.get(name) ?? this.parent?.defined(name);
  }
}
