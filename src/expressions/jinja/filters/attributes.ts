import { casefolded } from './ordering';
import type { Value } from '../../python/values';
import { isInt, PyTuple } from '../../python/values';
import { Undefined } from '../../python/lookups';
import { str } from '../../python/text';
import { item } from '../access';

/** What is taken from an item before it is compared or given on. */
export type Getter = (value: Value) => Value;

/** Keys of `a.b.0`, as `attribute=` names a value within an item; digits are an index. */
function keysOf(path: Value): Value[] {
  if (path === null) return [];
  if (isInt(path)) return [path];
  return str(path)
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The value within an item; `otherwise` where there is none. */
export function attributeGetter(path: Value, otherwise: Value = null): Getter {
  const keys = keysOf(path);
  return (value) => {
    let found = value;
    for (const key of keys) {
      found = item(found, key);
      if (otherwise !== null && found instanceof Undefined) found = otherwise;
    }
    return found;
  };
}

/** The same without regard to case, unless it matters. */
export function comparedBy(path: Value, caseMatters: boolean, otherwise: Value = null): Getter {
  const getter = attributeGetter(path, otherwise);
  return caseMatters ? getter : (value) => casefolded(getter(value));
}

/** Several values within an item, as `attribute='a,b'` names them. */
export function comparedByAll(paths: Value, caseMatters: boolean): Getter {
  if (typeof paths !== 'string' || !paths.includes(',')) return comparedBy(paths, caseMatters);
  const getters = paths.split(',').map((path) => comparedBy(path, caseMatters));
  return (value) => new PyTuple(getters.map((getter) => getter(value)));
}
