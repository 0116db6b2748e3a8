import { repr } from '../../../../src/expressions/python/text';
import * as values from '../../../../src/expressions/python/values';
import type { Value } from '../../../../src/expressions/python/values';
import { PyDictView } from '../../../../src/expressions/python/views';

/** A Python value in a recording: `i` an int in hexadecimal, `f` a float's repr, `l` list, `t` tuple, `d` dict, `s` set, `b` bytes. */
export type Tagged =
  | null
  | boolean
  | string
  | { i: string }
  | { f: string }
  | { l: Tagged[] }
  | { t: Tagged[] }
  | { d: [Tagged, Tagged][] }
  | { s: Tagged[] }
  | { b: string };

export function fromTagged(tagged: Tagged): Value {
  if (tagged === null || typeof tagged !== 'object') return tagged;
  if ('i' in tagged) return values.int(tagged.i.startsWith('-') ? -BigInt(tagged.i.slice(1)) : BigInt(tagged.i));
  if ('f' in tagged) return values.float(Number(tagged.f.replace('inf', 'Infinity')));
  if ('l' in tagged) return tagged.l.map(fromTagged);
  if ('t' in tagged) return new values.PyTuple(tagged.t.map(fromTagged));
  if ('d' in tagged) return new values.PyDict(tagged.d.map(([key, item]) => [fromTagged(key), fromTagged(item)]));
  if ('s' in tagged) return new values.PySet(tagged.s.map(fromTagged));
  return new values.PyBytes(Uint8Array.from(Buffer.from(tagged.b, 'hex')));
}

export function toTagged(value: Value): Tagged {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (values.isInt(value)) return { i: `${value < 0 ? '-' : ''}0x${BigInt(value).toString(16).replace('-', '')}` };
  if (values.isFloat(value)) return { f: repr(value) };
  if (Array.isArray(value)) return { l: value.map(toTagged) };
  if (values.isDict(value)) {
    return { d: values.dictEntries(value).map(([key, item]) => [toTagged(key), toTagged(item)]) };
  }
  if (value instanceof values.PyTuple) return { t: value.items.map(toTagged) };
  if (value instanceof values.PySet) return { s: value.items.map(toTagged).sort(byText) };
  if (value instanceof values.PyBytes) return { b: Buffer.from(value.bytes).toString('hex') };
  if (value instanceof PyDictView) return { l: value.iterate().map(toTagged) };
  throw new Error(`no recording of ${value.typeName}`);
}

/** Sets are compared without order. */
const byText = (a: Tagged, b: Tagged): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
