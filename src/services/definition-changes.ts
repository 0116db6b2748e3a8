import type { DefinitionKind, DefinitionSnapshot } from '../ports/store';
import { indexRules } from '../rules/index-by-trigger';
import type { CompiledDefinitions } from './definition-cache';
import { changedRememberingRules, compileRememberingRules } from './remembering';

/** Compiles a whole snapshot: an index of rules, and maps by ref. */
export function compileDefinitions(snapshot: DefinitionSnapshot): CompiledDefinitions {
  return {
    version: snapshot.version,
    rules: indexRules(snapshot.rules),
    remembering: compileRememberingRules(snapshot.rules),
    actions: byRef(snapshot.actions),
    triggers: byRef(snapshot.triggers),
    triggerTypes: byRef(snapshot.triggerTypes),
    packs: byRef(snapshot.packs),
    disabledRunners: new Set(snapshot.runnerSettings.filter(({ enabled }) => !enabled).map(({ ref }) => ref)),
  };
}

/** The definitions after a change; all that it does not touch is shared with those before. */
export function changedDefinitions(held: CompiledDefinitions, change: DefinitionSnapshot): CompiledDefinitions {
  const removed = (kind: DefinitionKind): string[] =>
    (change.removed ?? []).filter((gone) => gone.kind === kind).map(({ ref }) => ref);
  const disabled = new Map([...held.disabledRunners].map((ref) => [ref, { ref, enabled: false }]));
  const rules = { put: change.rules, removed: removed('rule') };
  const settings = patched(disabled, removed('runner_setting'), change.runnerSettings);
  return {
    version: change.version,
    rules: held.rules.changed(rules),
    remembering: changedRememberingRules(held.remembering, rules),
    actions: patched(held.actions, removed('action'), change.actions),
    triggers: patched(held.triggers, removed('trigger'), change.triggers),
    triggerTypes: patched(held.triggerTypes, removed('trigger_type'), change.triggerTypes),
    packs: patched(held.packs, removed('pack'), change.packs),
    disabledRunners: new Set([...settings.values()].filter(({ enabled }) => !enabled).map(({ ref }) => ref)),
  };
}

const byRef = <T extends { ref: string }>(documents: readonly T[]): ReadonlyMap<string, T> =>
  new Map(documents.map((document) => [document.ref, document]));

function patched<T extends { ref: string }>(
  known: ReadonlyMap<string, T>,
  removed: readonly string[],
  put: readonly T[],
): ReadonlyMap<string, T> {
  if (removed.length === 0 && put.length === 0) return known;
  const next = new Map(known);
  for (const ref of removed) next.delete(ref);
  for (const document of put) next.set(document.ref, document);
  return next;
}
