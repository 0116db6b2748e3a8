import { plain, dictGet, isDict, KeyLookup, PyTuple, typeName, Undefined } from './values';
import type { Value } from './values';

export { slice } from './subscript';
export { iterate } from './iterate';

const OBJECT_WORD: Record<string, string> = { dict: 'dict object', list: 'list object' };

/** `object.name` or `object[key]`: own keys and indexes only; what is not there is {@link Undefined}, named. */
// eslint-disable-next-line complexity -- one question per kind of value
export function member(value: Value, key: Value): Value {
  if (value instanceof KeyLookup) return typeof key === 'string' ? value.get(key) : new Undefined('no such key');
  const object = plain(value);
  const found = isDict(object) ? dictGet(object, key) : undefined;
  if (found !== undefined) return found;
  const items = object instanceof PyTuple ? object.items : object;
  if ((Array.isArray(items) || typeof items === 'string') && typeof key === 'number' && Number.isInteger(key)) {
    const item = (typeof items === 'string' ? Array.from(items) : (items as Value[])).at(key);
    if (item !== undefined) return item;
  }
  const type = typeName(object);
  const what = typeof key === 'string' ? `attribute '${key}'` : `element ${String(key)}`;
  return new Undefined(`'${Object.hasOwn(OBJECT_WORD, type) ? OBJECT_WORD[type] : `${type} object`}' has no ${what}`);
}
