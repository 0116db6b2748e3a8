import { ordered } from '../../python/compare';
import type { Value } from '../../python/values';
import { Markup } from '../markup';

/** Text in lower case, anything else as it is. */
export function casefolded(value: Value): Value {
  if (typeof value === 'string') return value.toLowerCase();
  return value instanceof Markup ? value.text.toLowerCase() : value;
}

/** The first item that no other is beyond; null when there is none. */
export function extreme(items: readonly Value[], key: (item: Value) => Value, sign: '<' | '>'): Value | undefined {
  let best: { item: Value; key: Value } | undefined;
  for (const item of items) {
    const own = key(item);
    if (!best || ordered(sign, own, best.key)) best = { item, key: own };
  }
  return best?.item;
}
