import { compare } from '../../expressions/python/compare';
import type { Operator, OperatorFamily } from './operator';

const less: Operator = (value, pattern) => pattern !== null && compare(value, pattern, '<') < 0;
const greater: Operator = (value, pattern) => pattern !== null && compare(value, pattern, '>') > 0;

export const ORDER: OperatorFamily = { lt: less, lessthan: less, gt: greater, greaterthan: greater };
