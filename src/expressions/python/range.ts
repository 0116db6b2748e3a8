import { typeError, valueError } from '../errors';
import { equals } from './compare';
import { isInt, plain, PyObject, typeName } from './values';
import type { Value } from './values';

/** Python's `range` object. */
export class PyRange extends PyObject {
  readonly typeName = 'range';
  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step = 1,
  ) {
    super();
    if (step === 0) throw valueError('range() arg 3 must not be zero');
  }
  override length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }
  override *iterate(): Iterable<Value> {
    const count = this.length();
    for (let index = 0; index < count; index += 1) yield this.start + index * this.step;
  }
  override repr(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? '' : `, ${this.step}`})`;
  }
  override equals(other: Value): boolean {
    return other instanceof PyRange && equals([...this.iterate()], [...other.iterate()]);
  }
  override contains(needle: Value): boolean {
    if (!isInt(needle) && typeof needle !== 'boolean') return false;
    const offset = (Number(needle) - this.start) / this.step;
    return Number.isInteger(offset) && offset >= 0 && offset < this.length();
  }
}

/** `range(stop)`, `range(start, stop)`, `range(start, stop, step)`. Throws TypeError, ValueError. */
export function makeRange(args: readonly Value[]): PyRange {
  if (args.length === 0) throw typeError('range expected at least 1 argument, got 0');
  if (args.length > 3) throw typeError(`range expected at most 3 arguments, got ${args.length}`);
  const numbers = args.map((arg) => {
    const value = plain(arg);
    if (!isInt(value) && typeof value !== 'boolean')
      throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
    return Number(value);
  });
  const [first, second, third] = numbers;
  return second === undefined ? new PyRange(0, first as number) : new PyRange(first as number, second, third ?? 1);
}
