import { failed } from '../errors';
import { jsonEscape, useNone } from '../functions/data';
import { dumps, loads } from '../python/json';
import { str } from '../python/text';
import type { Value } from '../python/values';
import type { FilterFamily } from './filter';

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
  use_none: useNone,
  json_escape: jsonEscape,
};
