import type { FunctionSpec } from '../signature';
import { DICTS } from './dicts';
import { LISTS } from './lists';
import { NUMBERS } from './numbers';
import { QUERIES } from './queries';
import { REGEX } from './regex';
import { STRINGS } from './strings';
import { SYSTEM } from './system';

/** Functions by name, those given over those of yaql's standard library. */
export function library(more: readonly FunctionSpec[] = []): ReadonlyMap<string, readonly FunctionSpec[]> {
  const byName = new Map<string, FunctionSpec[]>();
  for (const spec of [...SYSTEM, ...NUMBERS, ...STRINGS, ...REGEX, ...DICTS, ...LISTS, ...QUERIES, ...more]) {
    const known = byName.get(spec.name);
    if (known) known.push(spec);
    else byName.set(spec.name, [spec]);
  }
  return byName;
}
