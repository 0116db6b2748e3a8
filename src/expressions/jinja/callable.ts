import { failed, typeError } from '../errors';
import { callMethod } from '../python/methods';
import type { CallArgs } from '../python/methods';
import { PyObject, typeName } from '../python/values';
import type { Value } from '../python/values';
import { Markup } from './markup';
import type { Run } from './run';

/** Something a template can call. */
export abstract class Callable extends PyObject {
  abstract call(args: CallArgs, run: Run): Value;
}

/** A function of ours. */
export class NativeFunction extends Callable {
  readonly typeName = 'function';
  constructor(
    private readonly name: string,
    private readonly body: (args: CallArgs, run: Run) => Value,
  ) {
    super();
  }
  override repr(): string {
    return `<function ${this.name} at 0x7f0000000000>`;
  }
  call(args: CallArgs, run: Run): Value {
    return this.body(args, run);
  }
}

/** Methods that change what they are called on. */
export const MUTATING: ReadonlySet<string> = new Set([
  ...['append', 'extend', 'insert', 'pop', 'popitem', 'remove', 'clear', 'update', 'setdefault', 'sort', 'reverse'],
  ...['add', 'discard', 'difference_update', 'intersection_update', 'symmetric_difference_update'],
]);

/** `value.method`, not called yet. Marked text stays so. */
export class BoundMethod extends Callable {
  readonly typeName = 'builtin_function_or_method';
  constructor(
    private readonly self: Value,
    private readonly name: string,
  ) {
    super();
  }
  override repr(): string {
    return `<built-in method ${this.name} of ${typeName(this.self)} object at 0x7f0000000000>`;
  }
  call(args: CallArgs, run: Run): Value {
    if (MUTATING.has(this.name) && !run.copies)
      throw failed(`access to attribute '${this.name}' by a computed name is unsafe`, 'SecurityError');
    const result = callMethod(this.self, this.name, args);
    return this.self instanceof Markup ? this.self.keep(result) : result;
  }
}

/** Calls a value. Throws TypeError when it isn't callable. */
export function callValue(callee: Value, args: CallArgs, run: Run): Value {
  if (callee instanceof Callable) {
    run.budget.step();
    return run.budget.nested(() => callee.call(args, run));
  }
  if (callee instanceof PyObject && callee.asPlain) callee.asPlain();
  throw typeError(`'${typeName(callee)}' object is not callable`);
}
