import type { Value } from '../python/values';
import type { Run } from './run';

/** Variables in force: those of a block over those around it, and at the bottom the context. */
export class Scope {
  private variables: Map<string, Value> | null = null;
  constructor(
    readonly run: Run,
    private readonly outer: Scope | null = null,
  ) {}

  get(name: string): Value {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a walk to the outermost, without recursion
    for (let scope: Scope | null = this; scope; scope = scope.outer) {
      const value = scope.variables?.get(name);
      if (value !== undefined) return value;
    }
    return this.run.global(name);
  }
  set(name: string, value: Value): void {
    this.variables ??= new Map();
    this.variables.set(name, value);
  }
  /** That of the template itself. */
  get outermost(): Scope {
    return this.outer?.outermost ?? this;
  }
  inner(): Scope {
    return new Scope(this.run, this);
  }
}
