import type { JsonObject, JsonValue } from '../model/json';
import type { CompiledRule } from './compile';
import { holds } from './index-guards';
import type { GuardKind } from './index-guards';
import type { TriggerRules } from './index-of-trigger';
import { allOf, find } from './index-tables';
import type { Table } from './index-tables';
import { lookUp, pathKey } from './payload-path';
import type { Path } from './payload-path';

/** How an event is looked at: every path that rules of its trigger name for the index has a slot, and is followed once. */
export interface Plan {
  paths: readonly Path[];
  groups: readonly { guards: readonly Slotted<GuardKind>[]; tables: readonly Slotted<Table>[] }[];
  rest: readonly CompiledRule[];
}
type Slotted<T> = readonly [slot: number, what: T];

export function planOf({ groups, rest }: TriggerRules): Plan {
  const paths: Path[] = [];
  const slots = new Map<string, number>();
  const slotOf = (path: Path): number => {
    const name = pathKey(path);
    const known = slots.get(name);
    if (known !== undefined) return known;
    slots.set(name, paths.length);
    return paths.push(path) - 1;
  };
  const slotted = [...groups.values()].map(({ guards, tables }) => ({
    guards: guards.map(({ path, kind }): Slotted<GuardKind> => [slotOf(path), kind]),
    tables: [...tables.values()].map((table): Slotted<Table> => [slotOf(table.path), table]),
  }));
  return { paths, groups: slotted, rest };
}

/** What a path leads to that breaks on the payload: it is the rules' own to tell, so they are all asked. */
const BROKEN = Symbol('broken');
type Seen = JsonValue | typeof BROKEN;

/** The rules to be asked about a payload; one may come several times. */
export function select({ paths, groups, rest }: Plan, payload: JsonObject): CompiledRule[] {
  const root = { trigger: payload, system: {} };
  const seen: Seen[] = [];
  for (const path of paths) seen.push(look(path, root));
  const chosen = rest.length === 0 ? [] : [...rest];
  for (const { guards, tables } of groups) {
    const guarded = allHold(guards, seen);
    for (const [slot, table] of tables) {
      const value = seen[slot] as Seen;
      if (guarded && value !== BROKEN) find(table, value, chosen);
      else allOf(table, chosen);
    }
  }
  return chosen;
}

function look(path: Path, root: JsonObject): Seen {
  try {
    return lookUp(path, root);
  } catch {
    return BROKEN;
  }
}

function allHold(guards: readonly Slotted<GuardKind>[], seen: readonly Seen[]): boolean {
  for (const [slot, kind] of guards) {
    const value = seen[slot] as Seen;
    if (value === BROKEN || !holds(kind, value)) return false;
  }
  return true;
}
