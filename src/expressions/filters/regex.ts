import { boundedSubject, pythonRegex, searches } from '../python/regex';
import { str } from '../python/text';
import type { FilterFamily, Given } from './filter';

const flagsOf = (given: Given, index: number): string => (given.flag(index, 'ignorecase') ? 'i' : '');

/** Python's replacement text (`\1`, `\g<name>`) as JavaScript's. */
function replacement(text: string): string {
  return text
    .replaceAll('$', '$$$$')
    .replace(/\\g<(\w+)>/g, (_, name: string) => (/^\d+$/.test(name) ? `$${name}` : `$<${name}>`))
    .replace(/\\(\d)/g, '$$$1');
}

/** StackStorm's regular expression filters. */
export const REGEX_FILTERS: FilterFamily = {
  regex_match: (input, given) => searches(given.text(0, 'pattern'), str(input), flagsOf(given, 1), true),
  regex_search: (input, given) => searches(given.text(0, 'pattern'), str(input), flagsOf(given, 1)),
  regex_replace: (input, given) => {
    const regex = pythonRegex(given.text(0, 'pattern'), `${flagsOf(given, 2)}g`);
    const text = boundedSubject(str(input)).replace(regex, replacement(given.text(1, 'replacement')));
    given.budget.output(text.length);
    return text;
  },
  regex_substring: (input, given) => {
    const regex = pythonRegex(given.text(0, 'pattern'), 'g');
    const found = [...boundedSubject(str(input)).matchAll(regex)].map((match) => match[1] ?? match[0]);
    const index = given.value(1, 'result_index', 0);
    return found.at(typeof index === 'number' ? index : 0) ?? null;
  },
};
