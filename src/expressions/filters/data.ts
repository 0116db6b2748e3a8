import { failed } from '../errors';
import { dumps, encodeString, loads } from '../python/json';
import { str } from '../python/text';
import type { Value } from '../python/values';
import type { FilterFamily } from './filter';

/** StackStorm's marker for None where only text survives; rendered values that equal it become null. */
export const NONE_MARKER = '%*****__%NONE%__*****%';

function indentOf(value: Value): number {
  if (typeof value !== 'number' || value < 0 || value > 16) throw failed('indent must be a number from 0 to 16');
  return value;
}

export const DATA_FILTERS: FilterFamily = {
  to_json_string: (input, given) => {
    const indent = given.value(0, 'indent', null);
    const text = dumps(input, {
      separators: [',', ': '],
      sortKeys: given.flag(1, 'sort_keys'),
      ...(indent === null ? {} : { indent: indentOf(indent) }),
    });
    given.budget.output(text.length);
    return text;
  },
  tojson: (input) => dumps(input, { sortKeys: true }),
  from_json_string: (input) => loads(str(input)),
  to_complex: (input) => dumps(input),
  use_none: (input) => (input === null ? NONE_MARKER : input),
  json_escape: (input) => encodeString(str(input)).slice(1, -1),
};
