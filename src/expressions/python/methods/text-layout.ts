import type { Budget } from '../../budget';
import { typeError, valueError } from '../../errors';
import { iterate, textLength } from '../iterate';
import { split, splitlines, trimmed } from '../split';
import { PyTuple, typeName } from '../values';
import type { Value } from '../values';
import { method, text, textOrNone, whole } from './signature';
import type { Bound, Method } from './signature';

const stripper = (name: string, sides: { left?: boolean; right?: boolean }): [string, Method<string>] =>
  method<string>(`${name}(chars?, /)`, (self, [chars]) => trimmed(self, { chars: textOrNone(chars), ...sides }));

const splitter = (name: string, fromRight: boolean): [string, Method<string>] =>
  method<string>(`${name}(sep?, maxsplit?)`, (self, [separator, limit], budget) => {
    const parts = split(self, textOrNone(separator), { limit: whole(limit, -1), fromRight });
    budget.step(parts.length);
    return parts;
  });

const justifier = (name: string, share: (missing: number, width: number) => number): [string, Method<string>] =>
  method<string>(`${name}(width, fillchar?, /)`, (self, [width, fill = ' '], budget) => {
    if (textLength(text(fill)) !== 1) throw typeError('The fill character must be exactly one character long');
    const wanted = whole(width, 0);
    const missing = wanted - textLength(self);
    if (missing <= 0) return self;
    budget.output(wanted);
    const left = share(missing, wanted);
    return text(fill).repeat(left) + self + text(fill).repeat(missing - left);
  });

const parted = (self: string, separator: string, fromRight: boolean): PyTuple => {
  if (separator === '') throw valueError('empty separator');
  const at = fromRight ? self.lastIndexOf(separator) : self.indexOf(separator);
  if (at < 0) return new PyTuple(fromRight ? ['', '', self] : [self, '', '']);
  return new PyTuple([self.slice(0, at), separator, self.slice(at + separator.length)]);
};

function join(self: string, [items]: Bound, budget: Budget): Value {
  const parts = iterate(items as Value).map((item, index) => {
    if (typeof item === 'string') return item;
    throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
  });
  budget.step(parts.length);
  budget.output(parts.reduce((sum, part) => sum + part.length + self.length, 0));
  return parts.join(self);
}

function expandTabs(self: string, size: number): string {
  let column = 0;
  let out = '';
  for (const char of self) {
    if (char === '\t') {
      const spaces = size > 0 ? size - (column % size) : 0;
      out += ' '.repeat(spaces);
      column += spaces;
      continue;
    }
    out += char;
    column = char === '\n' || char === '\r' ? 0 : column + 1;
  }
  return out;
}

function zeroFilled(self: string, width: number): string {
  const missing = width - textLength(self);
  if (missing <= 0) return self;
  const sign = self.startsWith('-') || self.startsWith('+') ? (self[0] as string) : '';
  return sign + '0'.repeat(missing) + self.slice(sign.length);
}

/** Text methods that cut, join and pad. */
export const LAYOUT_METHODS: readonly [string, Method<string>][] = [
  stripper('strip', {}),
  stripper('lstrip', { right: false }),
  stripper('rstrip', { left: false }),
  splitter('split', false),
  splitter('rsplit', true),
  justifier('ljust', () => 0),
  justifier('rjust', (missing) => missing),
  justifier('center', (missing, width) => Math.floor(missing / 2) + (missing & width & 1)),
  method('splitlines(keepends?)', (self, [keepEnds = false], budget) => {
    const lines = splitlines(self, whole(keepEnds, 0) !== 0);
    budget.step(lines.length);
    return lines;
  }),
  method('partition(sep, /)', (self, [separator]) => parted(self, text(separator), false)),
  method('rpartition(sep, /)', (self, [separator]) => parted(self, text(separator), true)),
  method('join(iterable, /)', join),
  method('expandtabs(tabsize?)', (self, [size], budget) => {
    const width = whole(size, 8);
    budget.output(self.length + (self.split('\t').length - 1) * Math.max(0, width));
    return expandTabs(self, width);
  }),
  method('zfill(width, /)', (self, [width], budget) => {
    budget.output(Math.max(self.length, whole(width, 0)));
    return zeroFilled(self, whole(width, 0));
  }),
];
