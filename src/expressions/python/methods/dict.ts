import { failed, typeError, valueError } from '../../errors';
import { iterate } from '../iterate';
import { repr } from '../text';
import { dictDelete, dictEntries, dictGet, dictKeys, dictSet, isDict, PyDict, PyTuple } from '../values';
import type { Dict, Value } from '../values';
import { PyDictView } from '../views';
import { method } from './signature';
import type { CallArgs, Method } from './signature';

function pop(self: Dict, key: Value, otherwise: Value | undefined): Value {
  const found = dictGet(self, key);
  if (found !== undefined) dictDelete(self, key);
  const value = found === undefined ? otherwise : found;
  if (value === undefined) throw failed(repr(key), 'KeyError');
  return value;
}

function popItem(self: Dict): Value {
  const last = dictEntries(self).at(-1);
  if (!last) throw failed(`'popitem(): dictionary is empty'`, 'KeyError');
  dictDelete(self, last[0]);
  return new PyTuple(last);
}

function setDefault(self: Dict, key: Value, otherwise: Value): Value {
  const found = dictGet(self, key);
  if (found !== undefined) return found;
  dictSet(self, key, otherwise);
  return otherwise;
}

/** Key and value pairs as `dict(source)` reads them: of a dict, or of an iterable of pairs. Throws TypeError, ValueError. */
export function entriesFrom(source: Value): (readonly [Value, Value])[] {
  if (isDict(source)) return dictEntries(source);
  return iterate(source).map((item, index) => {
    if (item === null || typeof item === 'number' || typeof item === 'boolean')
      throw typeError(`cannot convert dictionary update sequence element #${index} to a sequence`);
    const pair = iterate(item);
    if (pair.length !== 2)
      throw valueError(`dictionary update sequence element #${index} has length ${pair.length}; 2 is required`);
    return [pair[0] as Value, pair[1] as Value];
  });
}

function update(self: Dict, { positional, named, budget }: CallArgs): null {
  if (positional.length > 1) throw typeError(`update expected at most 1 argument, got ${positional.length}`);
  const entries = [...positional.flatMap(entriesFrom), ...named];
  budget.step(entries.length + 1);
  for (const [key, value] of entries) dictSet(self, key, value);
  return null;
}

const view = (kind: PyDictView['kind']): [string, Method<Dict>] =>
  method<Dict>(`${kind}()`, (self) => new PyDictView(kind, self));

/** Methods of dicts. Those that change a dict change it in place: the caller gives its own copy of what came from outside. */
export const DICT_METHODS: ReadonlyMap<string, Method<Dict>> = new Map<string, Method<Dict>>([
  view('keys'),
  view('values'),
  view('items'),
  method('get(key, default?, /)', (self, [key, otherwise = null]) => {
    const found = dictGet(self, key as Value);
    return found === undefined ? otherwise : found;
  }),
  method('pop(key, default?, /)', (self, [key, otherwise]) => pop(self, key as Value, otherwise)),
  method('popitem()', popItem),
  method('setdefault(key, default?, /)', (self, [key, otherwise = null]) => setDefault(self, key as Value, otherwise)),
  ['update', update],
  method('copy()', (self, _args, budget) => {
    const entries = dictEntries(self);
    budget.step(entries.length);
    return new PyDict(entries);
  }),
  method('clear()', (self) => {
    for (const key of dictKeys(self)) dictDelete(self, key);
    return null;
  }),
  method('fromkeys(iterable, value?, /)', (_self, [keys, value = null], budget) => {
    const items = iterate(keys as Value);
    budget.step(items.length);
    return new PyDict(items.map((key) => [key, value] as const));
  }),
]);
