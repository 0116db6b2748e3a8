import type { Budget } from '../budget';
import { str } from '../python/text';
import { PyTuple } from '../python/values';
import type { Value } from '../python/values';
import { compileRegex } from '../regex/regex';
import type { Regex } from '../regex/regex';
import { IGNORECASE } from '../regex/syntax';

/** What StackStorm's regex functions are told besides the value. */
export interface Matching {
  pattern: string;
  ignoreCase: boolean;
  budget: Budget;
}

const regexOf = ({ pattern, ignoreCase }: Matching): Regex => compileRegex(pattern, ignoreCase ? IGNORECASE : 0);

export const regexMatch = (value: Value, how: Matching): boolean => regexOf(how).match(str(value), how.budget) !== null;
export const regexSearch = (value: Value, how: Matching): boolean =>
  regexOf(how).search(str(value), how.budget) !== null;
export const regexReplace = (value: Value, how: Matching, replacement: string): string =>
  regexOf(how).sub(str(value), replacement, { budget: how.budget });

/** The match of this number, as Python's `findall` gives it; undefined when there are fewer. */
export function regexSubstring(value: Value, how: Matching, index: number): Value | undefined {
  const found = regexOf(how).findall(str(value), { budget: how.budget }).at(index);
  return Array.isArray(found) ? new PyTuple(found) : found;
}
