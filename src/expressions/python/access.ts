import { failed } from '../errors';
import { isDict, KeyLookup, typeName, Undefined } from './values';
import type { Value } from './values';

const OBJECT_WORD: Record<string, string> = { dict: 'dict object', list: 'list object' };

/** `object.name` or `object[key]`: own keys and indexes only; what is not there is {@link Undefined}, named. */
// eslint-disable-next-line complexity -- one question per kind of value
export function member(object: Value, key: Value): Value {
  if (object instanceof Undefined) throw failed(object.reason);
  if (object instanceof KeyLookup) return typeof key === 'string' ? object.get(key) : new Undefined('no such key');
  if (isDict(object) && typeof key === 'string' && Object.hasOwn(object, key)) return object[key] as Value;
  if ((Array.isArray(object) || typeof object === 'string') && typeof key === 'number' && Number.isInteger(key)) {
    const items = typeof object === 'string' ? Array.from(object) : object;
    const item = items.at(key);
    if (item !== undefined) return item;
  }
  const type = typeName(object);
  const what = typeof key === 'string' ? `attribute '${key}'` : `element ${String(key)}`;
  return new Undefined(`'${Object.hasOwn(OBJECT_WORD, type) ? OBJECT_WORD[type] : `${type} object`}' has no ${what}`);
}

/** Python's `value[start:stop:step]` of a list or text. */
// eslint-disable-next-line complexity -- Python's slice rules, each a condition
export function slice(value: Value, bounds: { start: Value; stop: Value; step: Value }): Value {
  if (value instanceof Undefined) throw failed(value.reason);
  if (typeof value !== 'string' && !Array.isArray(value)) throw failed(`'${typeName(value)}' object can't be sliced`);
  const items: Value[] = typeof value === 'string' ? Array.from(value) : value;
  const step = bound(bounds.step) ?? 1;
  if (step === 0) throw failed('slice step cannot be zero');
  const [low, high] = step > 0 ? [0, items.length] : [-1, items.length - 1];
  const clamp = (index: number): number => Math.min(high, Math.max(low, index < 0 ? index + items.length : index));
  const start = bound(bounds.start);
  const stop = bound(bounds.stop);
  const from = start === null ? (step > 0 ? low : high) : clamp(start);
  const to = stop === null ? (step > 0 ? high : low) : clamp(stop);
  const out: Value[] = [];
  for (let index = from; step > 0 ? index < to : index > to; index += step) out.push(items[index] as Value);
  return typeof value === 'string' ? out.join('') : out;
}

function bound(value: Value): number | null {
  if (value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw failed('slice indices must be integers or None');
}

/** What a `for`, `join` or `list` goes through: items, a dict's keys, a text's characters. */
export function iterate(value: Value): Value[] {
  if (value instanceof Undefined) throw failed(value.reason);
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return Array.from(value);
  if (isDict(value)) return Object.keys(value);
  throw failed(`'${typeName(value)}' object is not iterable`);
}
