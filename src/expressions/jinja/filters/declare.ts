import { iterate } from '../../python/iterate';
import { bind, parseSignature } from '../../python/methods/signature';
import type { Bound } from '../../python/methods/signature';
import type { Value } from '../../python/values';
import type { Filter, Test } from '../environment';
import type { Run } from '../run';

/** A filter with Python's checks of its arguments. `spec` as for methods, the input first: `join(value, d?, attribute?)`. */
export function filter(spec: string, body: (args: Bound, run: Run) => Value): [string, Filter] {
  const signature = parseSignature(spec);
  return [signature.name, (args, run) => body(bind(signature, args), run)];
}

/** The same for a test. */
export function test(spec: string, body: (args: Bound, run: Run) => boolean): [string, Test] {
  const signature = parseSignature(spec);
  return [signature.name, (args, run) => body(bind(signature, args), run)];
}

/** A value's items, each counted. */
export function itemsOf(value: Value | undefined, { budget }: Run): Value[] {
  const items = iterate(value as Value);
  budget.step(items.length);
  return items;
}

/** Counts text that was made. */
export function counted(text: string, { budget }: Run): string {
  budget.output(text.length);
  return text;
}
