import { EQUALITY } from './equality';
import { MEMBERSHIP } from './membership';
import type { Operator } from './operator';
import { ORDER } from './order';
import { SEARCH } from './search';
import { TEXT } from './text';
import { TIME } from './time';

/** Every operator, in the order in which StackStorm lists the allowed ones. */
export const OPERATOR_NAMES = [
  ...['matchwildcard', 'matchregex', 'regex', 'iregex', 'eq', 'equals', 'neq', 'nequals', 'ieq', 'iequals'],
  ...['contains', 'icontains', 'ncontains', 'incontains', 'startswith', 'istartswith', 'endswith', 'iendswith'],
  ...['lt', 'lessthan', 'gt', 'greaterthan', 'td_lt', 'timediff_lt', 'td_gt', 'timediff_gt'],
  ...['exists', 'nexists', 'inside', 'in', 'ninside', 'nin', 'search'],
];

const TABLE: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...[EQUALITY, TEXT, ORDER, TIME, MEMBERSHIP, SEARCH].flatMap((family) => Object.entries(family)),
]);

/** The operator of a name in any case; undefined when there is none. */
export function operatorNamed(name: string): Operator | undefined {
  return TABLE.get(name.toLowerCase());
}
