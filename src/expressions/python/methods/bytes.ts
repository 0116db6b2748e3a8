import { typeError } from '../../errors';
import { decode } from '../codec';
import { countPart, find, windowOf } from '../search';
import { PyBytes, typeName } from '../values';
import type { Value } from '../values';
import { indexOrNone, method, text } from './signature';
import type { Method } from './signature';

/** Bytes as text of the same length, one character a byte. */
const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

function part(value: Value | undefined): string {
  if (value instanceof PyBytes) return latin(value.bytes);
  if (typeof value === 'number' && value >= 0 && value < 256) return String.fromCharCode(value);
  throw typeError(`a bytes-like object is required, not '${typeName(value)}'`);
}

const searching = (name: string, search: (text: string, wanted: string) => Value): [string, Method<PyBytes>] =>
  method<PyBytes>(`${name}(sub, /)`, (self, [wanted]) => search(latin(self.bytes), part(wanted)));

export const BYTES_METHODS: ReadonlyMap<string, Method<PyBytes>> = new Map<string, Method<PyBytes>>([
  method('decode(encoding?, errors?)', (self, [encoding = 'utf-8', errors = 'strict'], budget) => {
    budget.output(self.bytes.length);
    return decode(self.bytes, text(encoding), text(errors));
  }),
  method('hex()', (self) => Array.from(self.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')),
  method('find(sub, start?, end?, /)', (self, [wanted, start, end]) =>
    find(windowOf(latin(self.bytes), indexOrNone(start), indexOrNone(end)), part(wanted), false),
  ),
  searching('count', (all, wanted) => countPart(windowOf(all, null, null), wanted)),
  searching('startswith', (all, wanted) => all.startsWith(wanted)),
  searching('endswith', (all, wanted) => all.endsWith(wanted)),
]);
