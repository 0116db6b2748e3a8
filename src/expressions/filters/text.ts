import { trimmed } from '../python/split';
import { str } from '../python/text';
import { failed } from '../errors';
import type { FilterFamily } from './filter';

/** Jinja's and StackStorm's text filters. */
export const TEXT_FILTERS: FilterFamily = {
  upper: (input) => str(input).toUpperCase(),
  lower: (input) => str(input).toLowerCase(),
  capitalize: (input) => str(input).slice(0, 1).toUpperCase() + str(input).slice(1).toLowerCase(),
  title: (input) =>
    str(input).replace(/[^\s(\[{<-]+/g, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()),
  trim: (input, given) =>
    given.has(0, 'chars') ? trimmed(str(input), { chars: given.text(0, 'chars') }) : str(input).trim(),
  string: (input) => str(input),
  replace: (input, given) => {
    const [text, old, fresh] = [str(input), given.text(0, 'old'), given.text(1, 'new')];
    const count = given.value(2, 'count', -1);
    if (typeof count !== 'number') throw failed('replace: count must be a number');
    const parts = text.split(old);
    given.budget.output(text.length + Math.max(0, parts.length - 1) * fresh.length);
    if (count < 0 || parts.length - 1 <= count) return parts.join(fresh);
    return parts.slice(0, count + 1).join(fresh) + old + parts.slice(count + 1).join(old);
  },
};
