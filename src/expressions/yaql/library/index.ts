import type { Functions, FunctionSpec } from '../signature';
import { DATES } from './dates';
import { DICTS } from './dicts';
import { LISTS } from './lists';
import { NUMBERS } from './numbers';
import { QUERIES } from './queries';
import { REGEX } from './regex';
import { STRINGS } from './strings';
import { SYSTEM } from './system';

function byName(specs: readonly FunctionSpec[]): Functions {
  const found = new Map<string, FunctionSpec[]>();
  for (const spec of specs) found.set(spec.name, [...(found.get(spec.name) ?? []), spec]);
  return found;
}

/** yaql's standard library. */
export const STANDARD = byName([...SYSTEM, ...NUMBERS, ...STRINGS, ...REGEX, ...DICTS, ...LISTS, ...QUERIES, ...DATES]);

/** Functions with more of them; of one name both are there. */
export function extended(functions: Functions, more: readonly FunctionSpec[]): Functions {
  const all = new Map(functions);
  for (const [name, specs] of byName(more)) all.set(name, [...(functions.get(name) ?? []), ...specs]);
  return all;
}
