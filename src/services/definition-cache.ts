import type { Action } from '../model/action';
import type { Pack } from '../model/pack';
import type { Trigger, TriggerType } from '../model/trigger';
import type { DefinitionSnapshot, Store } from '../ports/store';
import { coalescedLoad } from './coalesced-load';
import { indexRules } from '../rules/index-by-trigger';
import type { RuleIndex } from '../rules/index-by-trigger';

/** One version of all definitions, compiled for matching. Immutable: a batch that holds it sees one rule set throughout. */
export interface CompiledDefinitions {
  readonly version: number;
  readonly rules: RuleIndex;
  readonly actions: ReadonlyMap<string, Action>;
  readonly triggers: ReadonlyMap<string, Trigger>;
  readonly triggerTypes: ReadonlyMap<string, TriggerType>;
  readonly packs: ReadonlyMap<string, Pack>;
  /** Names of the runner types that are switched off. */
  readonly disabledRunners: ReadonlySet<string>;
}

/**
 * The latest definitions, kept current by the store's notifications, without asking the database per event. Reloads that overlap are
 * coalesced: at most one runs, and at most one more follows it.
 */
export interface DefinitionCache {
  /** Loads and subscribes. Throws UNAVAILABLE when the store does not answer. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Throws when not started. */
  current(): CompiledDefinitions;
  /** Resolves with definitions that were the latest of the store at a time after this call began. Throws UNAVAILABLE. */
  refresh(): Promise<CompiledDefinitions>;
  readonly version: number;
}

export interface DefinitionCacheOptions {
  /** With `version`, what is held is not read again while it is the latest. */
  definitions: Pick<Store['definitions'], 'snapshot' | 'subscribe'> & Partial<Pick<Store['definitions'], 'version'>>;
  /** Told when a reload after a notification failed; the next notification or refresh tries again. */
  onReloadFailed?: (error: unknown) => void;
}

export function createDefinitionCache({ definitions, onReloadFailed }: DefinitionCacheOptions): DefinitionCache {
  let held: CompiledDefinitions | null = null;
  let unsubscribe: (() => Promise<void>) | null = null;

  const reading = coalescedLoad(async () => {
    if (held && (await definitions.version?.()) === held.version) return held;
    const snapshot = await definitions.snapshot();
    if (!held || snapshot.version > held.version) held = compileDefinitions(snapshot);
    return held;
  });
  const current = (): CompiledDefinitions => {
    if (!held) throw new Error('the definition cache is not started');
    return held;
  };
  return {
    start: async () => {
      unsubscribe ??= await definitions.subscribe(() => {
        reading.load().catch((error: unknown) => onReloadFailed?.(error));
      });
      await reading.load();
    },
    stop: async () => {
      const leave = unsubscribe;
      unsubscribe = null;
      await leave?.();
      await reading.settled();
    },
    current,
    refresh: reading.load,
    get version() {
      return current().version;
    },
  };
}

/** Compiles a snapshot: an index of rules, and maps by ref. */
export function compileDefinitions(snapshot: DefinitionSnapshot): CompiledDefinitions {
  const byRef = <T extends { ref: string }>(documents: readonly T[]): ReadonlyMap<string, T> =>
    new Map(documents.map((document) => [document.ref, document]));
  return {
    version: snapshot.version,
    rules: indexRules(snapshot.rules),
    actions: byRef(snapshot.actions),
    triggers: byRef(snapshot.triggers),
    triggerTypes: byRef(snapshot.triggerTypes),
    packs: byRef(snapshot.packs),
    disabledRunners: new Set(snapshot.runnerSettings.filter(({ enabled }) => !enabled).map(({ ref }) => ref)),
  };
}
