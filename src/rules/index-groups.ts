import type { CompiledRule } from './compile';
import type { Guard } from './index-guards';
import { guardsName, tableName } from './index-options';
import type { IndexOption, Place } from './index-options';
import { changedTable, emptyTable } from './index-tables';
import type { Change, Table } from './index-tables';

/** Rules whose ways of being found have the same guards, in tables by their names. Immutable. */
export interface Group {
  guards: readonly Guard[];
  tables: ReadonlyMap<string, Table>;
}
export type Groups = ReadonlyMap<string, Group>;

/** A rule and where it goes, or leaves. */
export interface Move {
  rule: CompiledRule;
  option: IndexOption;
}

interface GroupChange {
  guards: readonly Guard[];
  tables: Map<string, { place: Place; change: Change }>;
}

/** The groups after rules left and others came; groups and tables that these do not touch are shared. */
export function changedGroups(before: Groups, out: readonly Move[], into: readonly Move[]): Groups {
  const changes = new Map<string, GroupChange>();
  collect(changes, 'out', out);
  collect(changes, 'into', into);
  const groups = new Map(before);
  for (const [name, { guards, tables: changed }] of changes) {
    const tables = new Map(before.get(name)?.tables);
    for (const [table, { place, change }] of changed) {
      const next = changedTable(tables.get(table) ?? emptyTable(place.by, place.path), change);
      if (next.lists.size === 0) tables.delete(table);
      else tables.set(table, next);
    }
    if (tables.size === 0) groups.delete(name);
    else groups.set(name, { guards, tables });
  }
  return groups;
}

function collect(changes: Map<string, GroupChange>, side: keyof Change, moves: readonly Move[]): void {
  for (const { rule, option } of moves) {
    const name = guardsName(option.guards);
    const group = changes.get(name) ?? { guards: option.guards, tables: new Map() };
    changes.set(name, group);
    for (const place of option.places) {
      const table = group.tables.get(tableName(place)) ?? { place, change: { out: [], into: [] } };
      group.tables.set(tableName(place), table);
      for (const key of place.keys) table.change[side].push({ key, rule });
    }
  }
}
