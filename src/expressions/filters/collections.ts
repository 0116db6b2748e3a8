import { failed } from '../errors';
import { iterate, member } from '../python/access';
import { compare, truth } from '../python/compare';
import { str } from '../python/text';
import { dictEntries, isDict, KeyLookup, typeName, Undefined } from '../python/values';
import type { Value } from '../python/values';
import type { FilterFamily } from './filter';

/** `a.b.0` as Jinja's `attribute=` arguments name a nested value. */
function nested(item: Value, path: Value): Value {
  if (path === null) return item;
  if (typeof path === 'number') return member(item, path);
  return str(path)
    .split('.')
    .reduce<Value>((value, part) => member(value, /^\d+$/.test(part) ? Number(part) : part), item);
}

function sized(value: Value): number {
  if (value instanceof Undefined) throw failed(value.reason);
  if (value instanceof KeyLookup || typeof value === 'number' || typeof value === 'boolean' || value === null) {
    throw failed(`object of type '${typeName(value)}' has no len()`);
  }
  return iterate(value).length;
}

export const COLLECTION_FILTERS: FilterFamily = {
  length: sized,
  count: sized,
  first: (input) => iterate(input)[0] ?? new Undefined('No first item, sequence was empty.'),
  last: (input) => iterate(input).at(-1) ?? new Undefined('No last item, sequence was empty.'),
  list: (input) => [...iterate(input)],
  join: (input, given) => {
    const attribute = given.value(1, 'attribute');
    const parts = iterate(input).map((item) => str(nested(item, attribute)));
    const text = parts.join(given.text(0, 'd'));
    given.budget.output(text.length);
    return text;
  },
  reverse: (input) =>
    typeof input === 'string' ? Array.from(input).reverse().join('') : [...iterate(input)].reverse(),
  sort: (input, given) => {
    const attribute = given.value(2, 'attribute');
    const fold = (item: Value): Value =>
      typeof item === 'string' && !given.flag(1, 'case_sensitive') ? item.toLowerCase() : item;
    const sorted = [...iterate(input)].sort((a, b) => compare(fold(nested(a, attribute)), fold(nested(b, attribute))));
    return given.flag(0, 'reverse') ? sorted.reverse() : sorted;
  },
  default: (input, given) => {
    const empty = input instanceof Undefined || (given.flag(1, 'boolean') && !truth(input));
    return empty ? given.value(0, 'default_value', '') : input;
  },
  d: (input, given) =>
    (COLLECTION_FILTERS['default'] as NonNullable<(typeof COLLECTION_FILTERS)[string]>)(input, given),
  items: (input) => {
    if (!isDict(input)) throw failed('Can only get item pairs from a mapping.');
    return dictEntries(input).map(([key, value]) => [key, value]);
  },
};
