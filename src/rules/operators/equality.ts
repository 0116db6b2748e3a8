import { equal } from '../../expressions/python/compare';
import { text } from './operator';
import type { Operator, OperatorFamily } from './operator';

const equals: Operator = (value, pattern) => pattern !== null && equal(value, pattern);
const nequals: Operator = (value, pattern) => !equal(value, pattern);
const iequals: Operator = (value, pattern) =>
  pattern !== null && text(value).toLowerCase() === text(pattern).toLowerCase();

export const EQUALITY: OperatorFamily = {
  eq: equals,
  equals,
  neq: nequals,
  nequals,
  ieq: iequals,
  iequals,
};
