import { EverstormError } from '../../model/errors';
import type { JsonObject, JsonValue } from '../../model/json';
import { isJsonObject } from '../../model/json';
import type { OperatorFamily } from './operator';

type Joined = (verdicts: readonly boolean[]) => boolean;
const all: Joined = (verdicts) => verdicts.every(Boolean);
const any: Joined = (verdicts) => verdicts.some(Boolean);

/** How the verdicts on items are joined, and those of the child criteria on one item. */
const CONDITIONS: ReadonlyMap<string, { items: Joined; children: Joined }> = new Map([
  ['any', { items: any, children: all }],
  ['all', { items: all, children: all }],
  ['any2any', { items: any, children: any }],
  ['all2any', { items: all, children: any }],
]);

/**
 * `search`: a list's items (or one dict, or a text's characters) against child criteria `item.<path>`, joined by the criterion's `condition`.
 * As in StackStorm every child is asked about every item, so that one that fails is known even where it does not decide.
 */
export const SEARCH: OperatorFamily = {
  search: (value, pattern, { condition, ask }) => {
    const joined = CONDITIONS.get(condition ?? '');
    if (!joined) throw failure('search: condition must be any, all, any2any or all2any');
    if (!isJsonObject(pattern)) throw failure('search: pattern must hold child criteria');
    if (!ask) throw failure('search: it stands in a criterion only');
    return joined.items(itemsOf(value).map((item) => joined.children(ask(pattern, { item } satisfies JsonObject))));
  },
};

function itemsOf(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  if (isJsonObject(value)) return [value];
  if (typeof value === 'string') return Array.from(value);
  throw failure('search: value is neither a list nor a dict');
}

const failure = (message: string): EverstormError => new EverstormError('CRITERION_FAILED', message);
