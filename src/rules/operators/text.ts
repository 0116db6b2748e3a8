import { contains as pythonContains } from '../../expressions/python/compare';
import { compileRegex } from '../../expressions/regex/regex';
import { DOTALL, IGNORECASE } from '../../expressions/regex/syntax';
import { text } from './operator';
import type { Operator, OperatorFamily } from './operator';
import { wildcardRegex } from './wildcard';

/** A null pattern never matches. */
const withPattern =
  (operator: Operator): Operator =>
  (value, pattern, context) =>
    pattern !== null && operator(value, pattern, context);

const lower = (value: Parameters<Operator>[0]): string => text(value).toLowerCase();

export const TEXT: OperatorFamily = {
  contains: withPattern((value, pattern) => pythonContains(value, pattern)),
  icontains: withPattern((value, pattern) => lower(value).includes(lower(pattern))),
  ncontains: withPattern((value, pattern) => !pythonContains(value, pattern)),
  incontains: withPattern((value, pattern) => !lower(value).includes(lower(pattern))),
  startswith: withPattern((value, pattern) => text(value).startsWith(text(pattern))),
  istartswith: withPattern((value, pattern) => lower(value).startsWith(lower(pattern))),
  endswith: withPattern((value, pattern) => text(value).endsWith(text(pattern))),
  iendswith: withPattern((value, pattern) => lower(value).endsWith(lower(pattern))),
  regex: withPattern((value, pattern) => compileRegex(text(pattern), DOTALL).search(text(value)) !== null),
  iregex: withPattern(
    (value, pattern) => compileRegex(text(pattern), DOTALL | IGNORECASE).search(text(value)) !== null,
  ),
  matchregex: withPattern((value, pattern) => compileRegex(text(pattern), DOTALL).match(text(value)) !== null),
  matchwildcard: withPattern(
    (value, pattern) => compileRegex(wildcardRegex(text(pattern)), DOTALL).match(text(value)) !== null,
  ),
};
