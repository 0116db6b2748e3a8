import type { ShardKeyState, ShardSpec, Tell } from '../model/shard';

/** One shard of a rule that remembers. */
export interface ShardPlace {
  spec: ShardSpec;
  shard: number;
}

/**
 * The shards of rules that remember events (time conditions, storm guards).
 * Guarantees: what a shard was told is durable when `tell` resolves; told again it changes nothing, as long as each partition of the log is
 * told in order. All methods throw UNAVAILABLE when Temporal can't be reached within the time-out.
 */
export interface Shards {
  /** Tells a shard of events; it is started when it does not run. */
  tell(place: ShardPlace, tells: readonly Tell[]): Promise<void>;
  /** What a shard knows of a key; null when it does not run. */
  about(place: ShardPlace, key: string): Promise<ShardKeyState | null>;
  /**
   * Ends every shard that is not wanted any more, by rule ref and version. The shards are listed before `wanted` is asked, so that a shard of
   * a rule that came meanwhile is left alone.
   */
  retire(wanted: () => Promise<readonly WantedShards[]>): Promise<void>;
}
export interface WantedShards {
  ruleRef: string;
  version: string;
}
