import { str } from '../python/text';
import { compileRegex } from '../regex/regex';
import type { Regex } from '../regex/regex';
import { IGNORECASE } from '../regex/syntax';
import type { FilterFamily, Given } from './filter';

const regexOf = (given: Given, flagIndex: number): Regex =>
  compileRegex(given.text(0, 'pattern'), given.flag(flagIndex, 'ignorecase') ? IGNORECASE : 0);

/** StackStorm's regular expression filters. */
export const REGEX_FILTERS: FilterFamily = {
  regex_match: (input, given) => regexOf(given, 1).match(str(input), given.budget) !== null,
  regex_search: (input, given) => regexOf(given, 1).search(str(input), given.budget) !== null,
  regex_replace: (input, given) => {
    const replacement = given.text(1, 'replacement');
    return regexOf(given, 2).sub(str(input), replacement, { budget: given.budget });
  },
  regex_substring: (input, given) => {
    const found = regexOf(given, 2).findall(str(input), { budget: given.budget });
    const index = given.value(1, 'result_index', 0);
    const match = found.at(typeof index === 'number' ? index : 0);
    return match === undefined ? null : match;
  },
};
