import { typeError, valueError } from '../../errors';
import { countPart, find, replaced, windowOf } from '../search';
import type { Window } from '../search';
import { PyTuple, typeName } from '../values';
import type { Value } from '../values';
import { indexOrNone, method, text, whole } from './signature';
import type { Bound, Method } from './signature';

const within = (self: string, [, start, end]: Bound): Window => windowOf(self, indexOrNone(start), indexOrNone(end));

const finder = (name: string, fromRight: boolean, required: boolean): [string, Method<string>] =>
  method<string>(`${name}(sub, start?, end?, /)`, (self, args) => {
    const at = find(within(self, args), text(args[0]), fromRight);
    if (required && at < 0) throw valueError('substring not found');
    return at;
  });

const ending = (name: string, holds: (self: string, part: string) => boolean): [string, Method<string>] =>
  method<string>(`${name}(affix, start?, end?, /)`, (self, args) => {
    const window = within(self, args);
    return partsOf(name, args[0]).some((part) => window.offset !== null && holds(window.text, part));
  });

function partsOf(name: string, affix: Value | undefined): readonly string[] {
  if (typeof affix === 'string') return [affix];
  if (!(affix instanceof PyTuple))
    throw typeError(`${name} first arg must be str or a tuple of str, not ${typeName(affix)}`);
  return affix.items.map((item) => text(item, `tuple for ${name}: an item`));
}

/** Text methods that look for parts. */
export const SEARCH_METHODS: readonly [string, Method<string>][] = [
  finder('find', false, false),
  finder('rfind', true, false),
  finder('index', false, true),
  finder('rindex', true, true),
  ending('startswith', (self, part) => self.startsWith(part)),
  ending('endswith', (self, part) => self.endsWith(part)),
  method('count(sub, start?, end?, /)', (self, args, budget) => {
    budget.step(self.length >> 6);
    return countPart(within(self, args), text(args[0]));
  }),
  method('replace(old, new, count?, /)', (self, [old, fresh, count], budget) => {
    const change = { from: text(old), to: text(fresh), limit: whole(count, -1) };
    const times = countPart(windowOf(self, null, null), change.from);
    budget.output(self.length + (change.limit < 0 ? times : Math.min(times, change.limit)) * change.to.length);
    return replaced(self, change);
  }),
  method('removeprefix(prefix, /)', (self, [prefix]) =>
    self.startsWith(text(prefix)) ? self.slice(text(prefix).length) : self,
  ),
  method('removesuffix(suffix, /)', (self, [suffix]) =>
    text(suffix) !== '' && self.endsWith(text(suffix)) ? self.slice(0, -text(suffix).length) : self,
  ),
];
