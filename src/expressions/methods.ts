import { failed } from './errors';
import { applyFilter } from './filters';
import type { Given } from './filters/filter';
import { str } from './python/text';
import { dictEntries, dictGet, dictKeys, isDict, typeName } from './python/values';
import type { Dict, Value } from './python/values';

type Method<T> = (self: T, given: Given) => Value;

const splitText = (text: string, given: Given): Value => {
  const separator = given.value(0, 'sep');
  return separator === null ? text.trim().split(/\s+/).filter(Boolean) : text.split(str(separator));
};

const TEXT_METHODS: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>([
  ['upper', (self) => self.toUpperCase()],
  ['lower', (self) => self.toLowerCase()],
  ['strip', (self, given) => applyFilter('trim', self, given)],
  ['split', splitText],
  ['splitlines', (self) => self.replace(/\n$/, '').split(/\r\n|\n|\r/)],
  ['startswith', (self, given) => self.startsWith(given.text(0, 'prefix'))],
  ['endswith', (self, given) => self.endsWith(given.text(0, 'suffix'))],
  ['replace', (self, given) => applyFilter('replace', self, given)],
  ['find', (self, given) => self.indexOf(given.text(0, 'sub'))],
  ['title', (self, given) => applyFilter('title', self, given)],
]);

const DICT_METHODS: ReadonlyMap<string, Method<Dict>> = new Map<string, Method<Dict>>([
  ['keys', (self) => dictKeys(self)],
  ['values', (self) => dictEntries(self).map(([, value]) => value)],
  ['items', (self) => dictEntries(self).map(([key, value]) => [key, value])],
  [
    'get',
    (self, given) => {
      const key = given.text(0, 'key');
      return dictGet(self, key) ?? given.value(1, 'default');
    },
  ],
]);

/** Calls one of the few methods of Python's text and dict that templates use. Throws EXPRESSION_FAILED for any other. */
export function callMethod(self: Value, name: string, given: Given): Value {
  if (typeof self === 'string') {
    const method = TEXT_METHODS.get(name);
    if (method) return method(self, given);
  } else if (isDict(self)) {
    const method = DICT_METHODS.get(name);
    if (method) return method(self, given);
  }
  throw failed(`'${typeName(self)} object' has no method '${name}'`);
}
