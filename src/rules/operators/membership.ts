import { contains } from '../../expressions/python/compare';
import type { Operator, OperatorFamily } from './operator';

const inside: Operator = (value, pattern) => pattern !== null && contains(pattern, value);
const ninside: Operator = (value, pattern) => pattern !== null && !contains(pattern, value);

export const MEMBERSHIP: OperatorFamily = {
  exists: (value) => value !== null,
  nexists: (value) => value === null,
  inside,
  in: inside,
  ninside,
  nin: ninside,
};
