import { Budget } from '../budget';
import { ordered } from './compare';
import type { Value } from './values';

export interface SortOptions {
  /** What items are compared by; itself when absent. Called once for each item. */
  key?: (item: Value) => Value;
  /** Decides instead of `<`: negative, zero or positive. */
  compare?: (a: Value, b: Value) => number;
  reverse?: boolean;
  budget?: Budget;
}

/** Python's `sorted`: stable, also in reverse. Throws TypeError for items without order. */
export function sorted(items: readonly Value[], options: SortOptions = {}): Value[] {
  const { key = (item: Value): Value => item, budget = new Budget() } = options;
  const compare = options.compare ?? byOrder;
  const keyed = items.map((item) => ({ item, key: key(item) }));
  if (options.reverse) keyed.reverse();
  keyed.sort((a, b) => {
    budget.step();
    return compare(a.key, b.key);
  });
  if (options.reverse) keyed.reverse();
  return keyed.map(({ item }) => item);
}

function byOrder(a: Value, b: Value): number {
  if (ordered('<', a, b)) return -1;
  return ordered('<', b, a) ? 1 : 0;
}
