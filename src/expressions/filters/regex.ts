import { regexMatch, regexReplace, regexSearch, regexSubstring } from '../functions/regex';
import type { Matching } from '../functions/regex';
import type { FilterFamily, Given } from './filter';

const matching = (given: Given, flagIndex: number): Matching => ({
  pattern: given.text(0, 'pattern'),
  ignoreCase: given.flag(flagIndex, 'ignorecase'),
  budget: given.budget,
});

/** StackStorm's regular expression filters. */
export const REGEX_FILTERS: FilterFamily = {
  regex_match: (input, given) => regexMatch(input, matching(given, 1)),
  regex_search: (input, given) => regexSearch(input, matching(given, 1)),
  regex_replace: (input, given) => regexReplace(input, matching(given, 2), given.text(1, 'replacement')),
  regex_substring: (input, given) => {
    const index = given.value(1, 'result_index', 0);
    return regexSubstring(input, matching(given, 2), typeof index === 'number' ? index : 0) ?? null;
  },
};
