import { failed } from '../errors';
import { Undefined } from '../python/values';
import type { Value } from '../python/values';
import { COLLECTION_FILTERS } from './collections';
import { DATA_FILTERS } from './data';
import type { Filter, FilterFamily, Given } from './filter';
import { NUMBER_FILTERS } from './numbers';
import { REGEX_FILTERS } from './regex';
import { TEXT_FILTERS } from './text';

const FAMILIES: readonly FilterFamily[] = [
  TEXT_FILTERS,
  NUMBER_FILTERS,
  COLLECTION_FILTERS,
  DATA_FILTERS,
  REGEX_FILTERS,
];
const FILTERS: ReadonlyMap<string, Filter> = new Map(FAMILIES.flatMap((family) => Object.entries(family)));
const SEES_UNDEFINED = new Set(['default', 'd']);

/** Applies a filter by name. Throws EXPRESSION_FAILED. */
export function applyFilter(name: string, input: Value, given: Given): Value {
  const filter = FILTERS.get(name);
  if (!filter) throw failed(`No filter named '${name}'.`);
  if (input instanceof Undefined && !SEES_UNDEFINED.has(name)) throw failed(input.reason);
  return filter(input, given);
}
