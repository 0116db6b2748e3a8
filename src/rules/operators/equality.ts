import { equals } from '../../expressions/python/compare';
import { text } from './operator';
import type { Operator, OperatorFamily } from './operator';

const sameAs: Operator = (value, pattern) => pattern !== null && equals(value, pattern);
const nequals: Operator = (value, pattern) => !equals(value, pattern);
const iequals: Operator = (value, pattern) =>
  pattern !== null && text(value).toLowerCase() === text(pattern).toLowerCase();

export const EQUALITY: OperatorFamily = {
  eq: sameAs,
  equals: sameAs,
  neq: nequals,
  nequals,
  ieq: iequals,
  iequals,
};
