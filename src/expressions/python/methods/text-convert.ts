import { isPythonError, typeError, valueError } from '../../errors';
import { encode } from '../codec';
import { namedFrom, strFormat } from '../format';
import { textLength } from '../iterate';
import { subscript } from '../subscript';
import { dictEntries, dictGet, isDict, isInt, PyDict } from '../values';
import type { Value } from '../values';
import { method, text } from './signature';
import type { Bound, Method } from './signature';

/** Text methods that format, encode and translate. */
export const CONVERT_METHODS: readonly [string, Method<string>][] = [
  [
    'format',
    (self, { positional, named, budget }) => strFormat(self, { positional, named: (name) => named.get(name), budget }),
  ],
  method('format_map(mapping, /)', (self, [mapping], budget) =>
    strFormat(self, { positional: [], named: namedFrom(mapping as Value), budget }),
  ),
  method('encode(encoding?, errors?)', (self, [encoding = 'utf-8', errors = 'strict'], budget) => {
    budget.output(self.length);
    return encode(self, text(encoding), text(errors));
  }),
  method('translate(table, /)', (self, [table], budget) => {
    budget.step(self.length >> 3);
    const out = Array.from(self, (char) => translated(char, table as Value)).join('');
    budget.output(out.length);
    return out;
  }),
  method('maketrans(x, y?, z?, /)', (_self, args) => translationTable(args)),
];

function translated(char: string, table: Value): string {
  const target = targetOf(char.codePointAt(0) as number, table);
  if (target === undefined) return char;
  if (target === null) return '';
  if (typeof target === 'string') return target;
  if (!isInt(target)) throw typeError('character mapping must return integer, None or str');
  if (target < 0 || target > 0x10ffff) throw valueError('character mapping must be in range(0x110000)');
  return String.fromCodePoint(Number(target));
}

function targetOf(code: number, table: Value): Value | undefined {
  if (isDict(table)) return dictGet(table, code);
  try {
    return subscript(table, code);
  } catch (error) {
    if (isPythonError(error, 'LookupError')) return undefined;
    throw error;
  }
}

function translationTable([from, to, dropped]: Bound): PyDict {
  const table = new PyDict();
  if (to === undefined) {
    if (!isDict(from)) throw typeError('if you give only one argument to maketrans it must be a dict');
    for (const [key, value] of dictEntries(from)) table.set(ordinal(key), value);
    return table;
  }
  const [sources, targets] = [Array.from(text(from)), Array.from(text(to))];
  if (sources.length !== targets.length) throw valueError('the first two maketrans arguments must have equal length');
  sources.forEach((char, index) =>
    table.set(char.codePointAt(0) as number, (targets[index] as string).codePointAt(0) as number),
  );
  for (const char of dropped === undefined ? '' : text(dropped)) table.set(char.codePointAt(0) as number, null);
  return table;
}

function ordinal(key: Value): Value {
  if (typeof key === 'string') {
    if (textLength(key) !== 1) throw valueError('string keys in translate table must be of length 1');
    return key.codePointAt(0) as number;
  }
  if (isInt(key)) return key;
  throw typeError('keys in translate table must be strings or integers');
}
