import { truth } from '../../python/compare';
import { prettyPrinted } from '../../python/pretty';
import { Undefined } from '../../python/lookups';
import type { Value } from '../../python/values';
import { attributeOnly } from '../access';
import type { Filter } from '../environment';
import { counted, filter } from './declare';
import { str } from '../../python/text';

const orDefault = (value: Value, otherwise: Value, whenFalse: Value): Value =>
  value instanceof Undefined || (truth(whenFalse) && !truth(value)) ? otherwise : value;

const defaults = (name: string): [string, Filter] =>
  filter(`${name}(value!, default_value!?, boolean?)`, ([value = null, otherwise = '', whenFalse = false]) =>
    orDefault(value, otherwise, whenFalse),
  );

/** Filters for any value. */
export const VALUE_FILTERS = [
  defaults('default'),
  defaults('d'),
  filter('attr(obj, name)', ([value = null, name = null]) => attributeOnly(value, str(name))),
  filter('pprint(value!)', ([value = null], run) => counted(prettyPrinted(value, run.budget), run)),
];
