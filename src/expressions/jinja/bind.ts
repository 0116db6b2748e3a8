import { failed, isPythonError, typeError, valueError } from '../errors';
import { iterate } from '../python/iterate';
import { typeName } from '../python/values';
import type { Value } from '../python/values';
import type { Target } from './ast';
import { Namespace } from './globals';
import type { Scope } from './scope';

/** Assigns a value to a target. Throws TypeError, ValueError when it doesn't unpack, TemplateRuntimeError for a member of anything but a namespace. */
export function bind(target: Target, value: Value, scope: Scope): void {
  if (target.type === 'name') return scope.set(target.name, value);
  if (target.type === 'member') {
    const owner = scope.get(target.name);
    if (!(owner instanceof Namespace))
      throw failed('cannot assign attribute on non-namespace object', 'TemplateRuntimeError');
    return owner.set(target.attribute, value);
  }
  const items = unpacked(value);
  const { length } = target.items;
  if (items.length < length) throw valueError(`not enough values to unpack (expected ${length}, got ${items.length})`);
  if (items.length > length) throw valueError(`too many values to unpack (expected ${length})`);
  target.items.forEach((each, index) => bind(each, items[index] as Value, scope));
}

function unpacked(value: Value): readonly Value[] {
  try {
    return iterate(value);
  } catch (error) {
    if (isPythonError(error, 'TypeError')) throw typeError(`cannot unpack non-iterable ${typeName(value)} object`);
    throw error;
  }
}
