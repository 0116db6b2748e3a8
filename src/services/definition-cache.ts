import type { Action } from '../model/action';
import type { Pack } from '../model/pack';
import type { Trigger, TriggerType } from '../model/trigger';
import type { Store } from '../ports/store';
import { coalescedLoad } from './coalesced-load';
import { changedDefinitions, compileDefinitions } from './definition-changes';
import type { RuleIndex } from '../rules/index-by-trigger';
import type { RememberingRules } from './remembering';

/** One version of all definitions, compiled for matching. Immutable: a batch that holds it sees one rule set throughout. */
export interface CompiledDefinitions {
  readonly version: number;
  readonly rules: RuleIndex;
  readonly remembering: RememberingRules;
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
  /** The definitions as they were at a version; null when they are not kept any more. Throws UNAVAILABLE. */
  at(version: number): Promise<CompiledDefinitions | null>;
  readonly version: number;
}

export interface DefinitionCacheOptions {
  definitions: Pick<Store['definitions'], 'snapshot' | 'snapshotAt' | 'subscribe'>;
  /** Told when a reload after a notification failed; the next notification or refresh tries again. */
  onReloadFailed?: (error: unknown) => void;
}

export function createDefinitionCache({ definitions, onReloadFailed }: DefinitionCacheOptions): DefinitionCache {
  let held: CompiledDefinitions | null = null;
  let earlier: CompiledDefinitions | null = null;
  let unsubscribe: (() => Promise<void>) | null = null;

  const reading = coalescedLoad(async () => {
    const snapshot = await definitions.snapshot(held?.version);
    if (!held || snapshot.since === undefined) {
      if (!held || snapshot.version > held.version) held = compileDefinitions(snapshot);
    } else if (snapshot.version > held.version) held = changedDefinitions(held, snapshot);
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
    at: async (version) => {
      if (version === current().version) return current();
      if (earlier?.version !== version) {
        const snapshot = await definitions.snapshotAt(version);
        earlier = snapshot && compileDefinitions(snapshot);
      }
      return earlier;
    },
    get version() {
      return current().version;
    },
  };
}
