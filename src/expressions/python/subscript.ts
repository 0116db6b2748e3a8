import { failed, typeError, valueError } from '../errors';
import { characters } from './iterate';
import { repr } from './text';
import { dictGet, isDict, isInt, plain, PyBytes, PyTuple, typeName } from './values';
import type { Value } from './values';
import { PyRange } from './range';

export interface SliceBounds {
  start: Value;
  stop: Value;
  step: Value;
}

/** Python's `value[key]`. Throws KeyError, IndexError, TypeError. */
export function subscript(value: Value, key: Value): Value {
  const source = plain(value);
  if (isDict(source)) {
    const found = dictGet(source, plain(key));
    if (found === undefined) throw failed(repr(key), 'KeyError');
    return found;
  }
  const items = sequenceItems(source);
  if (!items) throw typeError(`'${typeName(source)}' object is not subscriptable`);
  const kind = typeof source === 'string' ? 'string' : typeName(source);
  const item = items.at(indexOf(plain(key), kind, items.length));
  if (item === undefined) throw failed(`${kind === 'bytes' ? '' : `${kind} `}index out of range`, 'IndexError');
  return item;
}

function indexOf(key: Value, kind: string, length: number): number {
  if (typeof key === 'boolean') return Number(key);
  if (!isInt(key)) {
    const what = kind === 'string' ? "string indices must be integers, not '" : '';
    throw typeError(
      what ? `${what}${typeName(key)}'` : `${kind} indices must be integers or slices, not ${typeName(key)}`,
    );
  }
  return typeof key === 'bigint' ? length : key < -length ? length : key;
}

function sequenceItems(value: Value): readonly Value[] | undefined {
  if (typeof value === 'string') return characters(value);
  if (Array.isArray(value)) return value;
  if (value instanceof PyTuple) return value.items;
  if (value instanceof PyRange) return Array.from(value.iterate());
  return value instanceof PyBytes ? Array.from(value.bytes) : undefined;
}

/** Python's `value[start:stop:step]` of text, list, tuple, range or bytes. Throws TypeError, ValueError. */
export function slice(value: Value, bounds: SliceBounds): Value {
  const source = plain(value);
  if (source instanceof PyRange) return slicedRange(source, bounds);
  const items = sequenceItems(source);
  if (!items) {
    if (isDict(source)) throw typeError("unhashable type: 'slice'");
    throw typeError(`'${typeName(source)}' object is not subscriptable`);
  }
  const picked = sliceItems(items, bounds);
  if (typeof source === 'string') return picked.join('');
  if (source instanceof PyTuple) return new PyTuple(picked);
  return source instanceof PyBytes ? new PyBytes(Uint8Array.from(picked as number[])) : picked;
}

/** A range's slice is a range. */
function slicedRange(range: PyRange, bounds: SliceBounds): PyRange {
  const step = bound(bounds.step) ?? 1;
  if (step === 0) throw valueError('slice step cannot be zero');
  const { from, to } = sliceRange(bounds, step, range.length());
  return new PyRange(range.start + from * range.step, range.start + to * range.step, range.step * step);
}

/** The items of `items[start:stop:step]`. */
export function sliceItems<T>(items: readonly T[], bounds: SliceBounds): T[] {
  const step = bound(bounds.step) ?? 1;
  if (step === 0) throw valueError('slice step cannot be zero');
  const { from, to } = sliceRange(bounds, step, items.length);
  if (step === 1) return items.slice(from, Math.max(from, to));
  const picked: T[] = [];
  for (let index = from; step > 0 ? index < to : index > to; index += step) picked.push(items[index] as T);
  return picked;
}

function sliceRange(bounds: SliceBounds, step: number, length: number): { from: number; to: number } {
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (index: number): number => Math.min(high, Math.max(low, index < 0 ? index + length : index));
  const [start, stop] = [bound(bounds.start), bound(bounds.stop)];
  return {
    from: start === null ? (step > 0 ? low : high) : clamp(start),
    to: stop === null ? (step > 0 ? high : low) : clamp(stop),
  };
}

function bound(value: Value): number | null {
  if (value === null) return null;
  if (typeof value === 'boolean' || isInt(value)) return Number(value);
  throw typeError('slice indices must be integers or None or have an __index__ method');
}
